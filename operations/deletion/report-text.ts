import { sizeText } from "../size-text.ts";
import type { DeletionReport } from "./report.ts";

/** A report as text. `details`: also lists what stays and why. */
export function reportText(report: DeletionReport, { details }: { details: boolean }): string {
  const shown = report.repositories.filter(
    ({ deleted, tagsAlone, retained, retainedUntagged }) =>
      deleted.length + tagsAlone.length > 0 || (details && retained.length + retainedUntagged.length > 0),
  );
  return [...shown.map((each) => repositoryText(each, details)), summary(report)].join("\n\n");
}

function repositoryText(
  { repository, deleted, tagsAlone, retained, retainedUntagged }: DeletionReport["repositories"][number],
  details: boolean,
) {
  const named = deleted.filter(({ tags }) => tags.length > 0);
  const alone = deleted.filter(({ pushed }) => pushed !== undefined);
  const others = deleted.length - named.length - alone.length;
  return [
    repository,
    ...named.map(({ digest, tags, created }) => {
      const built = created === undefined ? "" : ` of ${created.slice(0, 10)}`;
      return `  goes   ${tags.join(", ")} (${shortDigest(digest)}${built})`;
    }),
    ...(others > 0 ? [`  goes   ${plural(others, "manifest")} of theirs without a tag: platforms, referrers`] : []),
    ...(details ? alone.map(untaggedLine) : aloneCount(alone.length)),
    ...tagsAlone.map(({ tag }) => `  goes   ${tag}, the tag alone: its image stays`),
    ...(details ? retained.map(({ tag, reason }) => `  stays  ${tag}: ${reason}`) : []),
    ...(details ? retainedUntagged.map(({ digest, reason }) => `  stays  ${shortDigest(digest)}: ${reason}`) : []),
  ].join("\n");
}

function untaggedLine({ digest, pushed = "" }: { digest: string; pushed?: string | undefined }): string {
  return `  goes   ${shortDigest(digest)}: no tag leads to it, and it was last pushed on ${pushed.slice(0, 10)}`;
}

function aloneCount(amount: number): string[] {
  return amount === 0 ? [] : [`  goes   ${plural(amount, "manifest")} that no tag leads to`];
}

function summary({ dryRun, pods, freedBytes, repositories }: DeletionReport): string {
  const manifests = repositories.reduce((sum, { deleted }) => sum + deleted.length, 0);
  const tags = repositories.reduce((sum, { tagsAlone }) => sum + tagsAlone.length, 0);
  const alone = tags > 0 ? ` and ${plural(tags, "tag")} alone` : "";
  const done = dryRun ? "would be deleted" : "deleted";
  return [
    manifests + tags === 0
      ? "nothing to delete"
      : `${plural(manifests, "manifest")}${alone} ${done}; the next collection of garbage can free ${sizeText(freedBytes)}`,
    ...(pods === "retained" ? [] : [podsNotes[pods]]),
  ].join("\n");
}

const podsNotes = {
  "no cluster": "What pods run was not looked at: the stack names no cluster (kubernetes:context).",
  "not asked": "What pods run was not looked at: --no-pods.",
};

function plural(amount: number, what: string): string {
  return amount === 1 ? `1 ${what}` : `${amount} ${what}s`;
}

function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}
