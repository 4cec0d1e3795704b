import { defineCommand } from "citty";
import { RepositoryGlob } from "../../settings/formats/repository-glob.ts";
import { TagGlob } from "../../settings/formats/tag-glob.ts";
import { commonArgs } from "../common-args.ts";
import { deletionArgs } from "../deletion/options.ts";
import { durationDays } from "../duration.ts";
import { UsageError } from "../operation-error.ts";
import { print } from "../print.ts";

/** `registry delete`: deletes images that the user names, or that match a glob and are old. */
export const deleteImages = defineCommand({
  meta: {
    name: "delete",
    description: "Delete images, with their signatures and SBOMs",
    details: [
      "Shows what goes and what the next collection of garbage can free for it, and asks. An image that something",
      "needs stays: a child of an index, what a referrer refers to, what a pod of the stack's cluster runs.",
      "Where another tag names the image, the tag alone goes. docs/storage.md",
    ],
    examples: [
      "delete team-a/app:1.4 team-a/app:1.5",
      "delete --match 'team-a/**' --older-than 30d --keep 10 --dry-run",
      "delete --match '**:pr-*' --older-than 14d --yes   # in every repository, the tags of old pull requests",
    ],
  },
  args: {
    ...commonArgs,
    refs: {
      type: "positional",
      required: false,
      valueHint: "REF…",
      description: "REPOSITORY:TAG or REPOSITORY@sha256:HEX; as many as you like",
    },
    match: {
      type: "string",
      valueHint: "GLOB",
      description: "Instead: what matches REPOSITORIES or REPOSITORIES:TAGS",
    },
    "older-than": { type: "string", valueHint: "TIME", description: "With --match: leave what is younger, as in 30d" },
    keep: { type: "string", valueHint: "NUMBER", description: "With --match: leave the newest of each repository" },
    yes: { type: "boolean", description: "Do not ask" },
    ...deletionArgs,
  },
  run: async ({ args }) => {
    const { glob, keep } = checked(args._, args);
    const { liveStack } = await import("../live-stack.ts");
    const { deleteInStack } = await import("../deletion/delete-in-stack.ts");
    const { referencesIn, selectMatching, selectReferences } = await import("../deletion/selection.ts");
    const { reportText } = await import("../deletion/report-text.ts");

    const stack = await liveStack(args);
    const references = referencesIn(args._, stack.settings.containerRegistry.host);
    const report = await deleteInStack(
      stack,
      (contents) =>
        glob === undefined ? selectReferences(contents, references) : selectMatching(contents, glob, keep, new Date()),
      { dryRun: args["dry-run"] ?? false, pods: args.pods, asks: !args.yes, strict: glob === undefined },
    );
    print(args, report, reportText(report, { details: glob !== undefined }));
  },
});

type Given = { match?: string | undefined; "older-than"?: string | undefined; keep?: string | undefined };

/** The glob, and what it leaves. Throws a UsageError where the options say nothing or contradict each other. */
function checked(refs: readonly string[], { match, "older-than": olderThan, keep }: Given) {
  if (refs.length === 0 && match === undefined) throw new UsageError("say what: REF… or --match GLOB");
  if (refs.length > 0 && match !== undefined) throw new UsageError("REF… or --match, not both");
  if (match === undefined && (olderThan ?? keep) !== undefined)
    throw new UsageError("--older-than and --keep come with --match; for all repositories: --match '**'");
  if (match !== undefined) checkGlob(match);
  const days = olderThan === undefined ? undefined : durationDays(olderThan, "--older-than");
  if (keep !== undefined && !/^[1-9]\d{0,5}$/.test(keep))
    throw new UsageError("--keep is a number from 1 on, as in 10");
  return {
    glob: match,
    keep: { ...(days !== undefined && { keepDays: days }), ...(keep && { keepLast: Number(keep) }) },
  };
}

function checkGlob(glob: string): void {
  const [repositories = "", tags = "*", ...more] = glob.split(":");
  const problem =
    more.length > 0
      ? "more than one colon"
      : (RepositoryGlob.safeParse(repositories).error ?? TagGlob.safeParse(tags).error)?.issues[0]?.message;
  if (problem !== undefined) throw new UsageError(`--match ${JSON.stringify(glob)}: ${problem}`);
}
