import type { Check } from "../../check.ts";
import { lineDifference } from "../../line-difference.ts";
import {
  type AppliedFacts,
  type AppliedFile,
  differenceOf,
  pathsOfChanged,
  pathsOfLost,
} from "../../machines/applied-facts.ts";
import type { Mends } from "../../mends.ts";

/** What an apply left on a machine, and who is concerned. */
export type AppliedMachine = AppliedFacts & {
  /** As in `node node-1`. */
  where: string;
  affects: string;
  /** The stack, as owner files have it: `ID PROJECT/STACK`. */
  ownerId: string;
  /** What the last up wrote to files that are no secret, by a path that may begin with a word for a directory, `@certs.d/…`. */
  texts: ReadonlyMap<string, string>;
  mends: Mends;
};

/** Whether each thing that the last `up` wrote on a machine is as it wrote it. */
export const applied: readonly Check<AppliedMachine>[] = [
  {
    id: "never-applied",
    title: "the machine has what up writes there",
    run: ({ applied, where, affects, mends }) =>
      applied !== undefined
        ? []
        : [
            {
              problem: "nothing of this stack is on the machine",
              ...{ where, affects },
              cause: "the machine was set up anew, or its /var/lib/container-registry was deleted",
              ...{ mend: mends.fix, fixable: true },
            },
          ],
  },
  {
    id: "other-owner",
    title: "the machine belongs to this stack",
    run: ({ applied, where, affects, ownerId }) =>
      applied === undefined || applied.owner === "" || applied.owner === ownerId
        ? []
        : [
            {
              problem: `another stack has taken the machine over (owner ${applied.owner})`,
              ...{ where, affects, fixable: false },
              mend: `give one of the two stacks another machine; or, to have it back, add ${applied.owner} to takeOverFrom in the stack file and run pulumi up`,
            },
          ],
  },
  {
    id: "apply-interrupted",
    title: "no apply was cut off",
    run: ({ applied, where, affects, mends }) =>
      !applied?.isInterrupted
        ? []
        : [
            {
              problem: "an apply on this machine was cut off, and left its copies behind",
              ...{ where, affects, mend: mends.fix, fixable: true },
              cause: "pulumi up or the machine stopped in the middle of it; or one runs right now",
            },
          ],
  },
  {
    id: "file-changed",
    title: "each file is as up wrote it",
    followsFrom: ["other-owner"],
    run: ({ files, where, affects, mends, texts }) =>
      files.flatMap((file) => {
        const difference = differenceOf(file);
        if (difference === undefined) return [];
        const { text, now } = file;
        const wanted = text === undefined ? undefined : wantedText(file, texts);
        const lines = text === undefined || wanted === undefined ? [] : lineDifference(wanted, text);
        return [
          {
            problem: `${file.path} ${difference}`,
            ...{ where, affects, mend: mends.fix, fixable: true },
            ...(typeof now === "object" &&
              now.sha256 !== file.sha256 && { cause: `somebody wrote it at ${now.changedAt.toISOString()}` }),
            ...(lines.length > 0 && { lines }),
          },
        ];
      }),
  },
  {
    id: "entry-missing",
    title: "each entry that up added to a file of others is there",
    followsFrom: ["other-owner"],
    run: ({ entries, where, affects, mends }) =>
      pathsOfLost(entries).map((path) => ({
        problem: `${path} has lost the stack's entry for the registry`,
        ...{ where, affects, mend: mends.fix, fixable: true },
        cause: "somebody edited the file, or another program wrote it anew",
      })),
  },
  {
    id: "entry-by-hand-changed",
    title: "each entry by hand that said the same as the stack's is as up found it",
    followsFrom: ["other-owner"],
    run: ({ adopted, where, affects, mends }) =>
      pathsOfChanged(adopted).map((path) => ({
        problem: `${path} had an entry by hand that said the same as the stack's, and it has changed`,
        ...{ where, affects, mend: mends.fix, fixable: true },
        cause:
          "somebody edited the file, or another program wrote it anew; the mend shows the difference if there is one",
      })),
  },
];

function wantedText({ path }: AppliedFile, texts: ReadonlyMap<string, string>): string | undefined {
  const name = [...texts.keys()].find(
    (each) => each === path || (each.startsWith("@") && path.endsWith(each.replace(/^@[^/]*/, ""))),
  );
  return name === undefined ? undefined : texts.get(name);
}
