import { z } from "zod";
import { globPattern, literalPattern } from "../../render/proxy/globs.ts";
import { RepositoryGlob } from "../../settings/formats/repository-glob.ts";
import { imageName, withoutHost } from "../contents/image-name.ts";
import type { LiveStack } from "../live-stack.ts";
import { UsageError } from "../operation-error.ts";
import { runBackupProgram } from "./backup-program.ts";
import { Problem, problemsIn } from "./problems.ts";

export type RestoreOptions = {
  /** An ISO 8601 time: the newest backup until then is taken. @default the newest of all */
  at?: string | undefined;
  /** Which repositories. @default all */
  repository?: string | undefined;
  /** One tag alone, as REPOSITORY:TAG. @default all tags */
  image?: string | undefined;
};

/** What a restore did, as `registry restore --json` prints it. */
const RestoreReport = z.strictObject({
  /** The second until which the backup that was taken covers every push. */
  backup: z.iso.datetime(),
  /** How many blobs and links were added or replaced. */
  blobs: z.int(),
  links: z.int(),
  seconds: z.int(),
  /** The backup with the most tags, if it has more than twice as many as this one (`insteadOf`), and --at chose none. */
  fuller: z.strictObject({ backup: z.iso.datetime(), tags: z.int(), insteadOf: z.int() }).nullable(),
  /** What is still wrong with the live storage. */
  problems: z.array(Problem),
});

export type RestoreReport = z.output<typeof RestoreReport>;

/** Adds what the live storage lacks or has damaged from a backup. */
export async function restore(stack: LiveStack, options: RestoreOptions): Promise<RestoreReport> {
  const { host } = stack.settings.containerRegistry;
  const output = await runBackupProgram(stack, "restore", [time(options.at), ...selection(options, host)]);
  const { problems, summary } = problemsIn(output);
  return RestoreReport.parse({ ...summary, problems });
}

/** The report as text. The problems themselves were printed while the restore ran. */
export function restoreText({ backup, blobs, links, seconds, fuller, problems }: RestoreReport): string {
  const done = `restored ${blobs} blobs and ${links} links from the backup of ${backup} in ${seconds} s`;
  const state =
    problems.length === 0
      ? "what was asked for is whole in the live storage"
      : `${problems.length} problems are left, which no backup mends: push these images again, or delete them`;
  if (fuller === null) return `${done}; ${state}`;
  const { tags, insteadOf } = fuller;
  return `${done}; ${state}\nwarning: that backup has ${insteadOf} tags, and the one of ${fuller.backup} has ${tags}. If images were lost in between: registry restore --at ${fuller.backup}`;
}

/** The time as backups are named, as in 20270115T023000Z. */
function time(at: string | undefined): string {
  if (at === undefined) return "";
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) throw new UsageError(`--at ${at} is no time; as in 2027-01-15T02:30:00Z`);
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Which repositories, as an extended regular expression, and which tag of the one repository that matches. */
function selection({ repository, image }: RestoreOptions, host: string): string[] {
  if (image === undefined) return [pattern(repository)];
  if (repository !== undefined) throw new UsageError("an image or --repository, not both");
  const name = imageName(withoutHost(image, host));
  if (name?.tag === undefined || name.digest !== undefined)
    throw new UsageError(`${JSON.stringify(image)} names no tag; REPOSITORY:TAG, as in team-a/app:1.4`);
  return [literalPattern(name.repository), name.tag];
}

/** The glob as an extended regular expression for whole names. */
function pattern(glob: string | undefined): string {
  if (glob === undefined) return "";
  const { success, error } = RepositoryGlob.safeParse(glob);
  if (!success) throw new UsageError(`--repository ${glob}: ${error.issues[0]?.message}`);
  return globPattern(glob).replaceAll("(?:", "(");
}
