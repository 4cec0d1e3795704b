import { shellWord } from "../../../../hosts/shell.ts";
import type { problemsIn } from "../../../backup/problems.ts";
import type { Check, Problem } from "../../check.ts";
import type { StorageTarget } from "../../images/storage-target.ts";
import type { Mends } from "../../mends.ts";

export type CheckedImages = Pick<StorageTarget, "where" | "storagePath" | "command"> & {
  problems: ReturnType<typeof problemsIn>["problems"];
  mends: Pick<Mends, "options">;
  /** `HOST[:PORT]` of the registry. */
  registryHost: string;
  /** Whether the stack has backups that it can restore from. */
  isBackedUp: boolean;
};

type Broken = CheckedImages["problems"][number];

/** What is wrong with images that were read whole. */
export const images: readonly Check<CheckedImages>[] = [
  of("blob-damaged", "damaged blob", "the content of every blob has the blob's digest", {
    problem: ({ which }) => `the content of the blob ${which} is damaged`,
    isInTheWay: true,
  }),
  of("blob-missing", "missing blob", "every blob that an image needs is there", {
    problem: ({ which }) => `the blob ${which} is missing`,
  }),
  of("blob-collected", "collected blob", "no blob that an image needs is in the trash of the garbage collection", {
    problem: ({ which }) => `the blob ${which} is in the trash of the garbage collection, and an image needs it`,
    mend: ({ mends }) => `npm run -s registry -- collect --undo ${mends.options}`,
  }),
  of("link-broken", "broken link", "every link of a repository names a digest", {
    problem: ({ which }) => `the link ${which} is damaged: it names no digest`,
    isInTheWay: true,
  }),
  of("link-missing", "missing link", "every repository has links to all that its images need", {
    problem: ({ which }) => `the link ${which} is missing`,
  }),
];

type Words = {
  problem(broken: Broken): string;
  /** Whether a client that pushes the image again is told that this part of it is there already. @default false */
  isInTheWay?: boolean;
  /** @default a restore where there are backups, else another push */
  mend?(facts: CheckedImages): string;
};

function of(
  id: string,
  what: string,
  title: string,
  { problem, isInTheWay = false, mend }: Words,
): Check<CheckedImages> {
  return {
    ...{ id, title },
    // A disk that gives out nothing has no damaged images.
    followsFrom: ["host-unreachable", "docker-down"],
    run: (facts) =>
      facts.problems
        .filter((broken) => broken.what === what)
        .map((broken): Problem => {
          const { where } = facts;
          const lines = broken.hurts.length > shown ? broken.hurts : undefined;
          return {
            ...{ problem: problem(broken), where, affects: affects(broken), fixable: false, ...(lines && { lines }) },
            mend: mend?.(facts) ?? (facts.isBackedUp ? restore(facts) : pushAgain(facts, broken, isInTheWay)),
          };
        }),
  };
}

/** How many images the line names that says who suffers. */
const shown = 3;

function affects({ hurts }: Broken): string {
  if (hurts.length === 0) return "nobody now: no image needs it; whoever pushes one with it cannot pull it";
  const rest = hurts.length - shown;
  return `whoever pulls ${hurts.slice(0, shown).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function restore({ mends }: CheckedImages): string {
  return `npm run -s registry -- restore ${mends.options}`;
}

/** A client does not upload what the registry says is there, so what is damaged has to go first. */
function pushAgain({ registryHost, storagePath, command }: CheckedImages, broken: Broken, isInTheWay: boolean): string {
  const { which, hurts } = broken;
  const remove = isInTheWay ? [command(`rm ${shellWord(`${storagePath}/docker/registry/v2/${pathOf(which)}`)}`)] : [];
  const tagged = hurts.find((name) => !name.includes("@"));
  const push = tagged === undefined ? [] : [`docker push ${registryHost}/${tagged}`];
  const steps = [...remove, ...push].join(" && ");
  if (hurts.length === 0 || push.length > 0)
    return `${steps}${push.length > 0 ? "   # from where the image was built or still is" : ""}`;
  return [steps, `push the image ${hurts[0]} again, or delete it: npm run -s registry -- delete ${hurts[0]}`]
    .filter(Boolean)
    .join("; then ");
}

/** A blob's digest, or a link's path below `repositories`, as a path below docker/registry/v2. */
function pathOf(which: string): string {
  const hex = /^sha256:([0-9a-f]+)$/.exec(which)?.[1];
  return hex === undefined ? `repositories/${which}` : `blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
}
