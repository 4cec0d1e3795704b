import { sizeText } from "../size-text.ts";
import type { DeletionReport } from "./report.ts";

/** A report as text. `details`: also lists what stays and why. */
export function reportText(report: DeletionReport, { details }: { details: boolean }): string {
  const shown = report.repositories.filter(
    ({ deleted, untagged, retained }) => deleted.length + untagged.length > 0 || (details && retained.length > 0),
  );
  return [...shown.map((each) => repositoryText(each, details)), summary(report)].join("\n\n");
}

function repositoryText(
  { repository, deleted, untagged, retained }: DeletionReport["repositories"][number],
  details: boolean,
) {
  const named = deleted.filter(({ tags }) => tags.length > 0);
  const others = deleted.length - named.length;
  return [
    repository,
    ...named.map(({ digest, tags, created }) => {
      const built = created === undefined ? "" : ` of ${created.slice(0, 10)}`;
      return `  goes   ${tags.join(", ")} (${shortDigest(digest)}${built})`;
    }),
    ...(others > 0 ? [`  goes   ${plural(others, "manifest")} of theirs without a tag: platforms, referrers`] : []),
    ...untagged.map(({ tag }) => `  goes   ${tag}, the tag alone: its image stays`),
    ...(details ? retained.map(({ tag, reason }) => `  stays  ${tag}: ${reason}`) : []),
  ].join("\n");
}

function summary({ dryRun, pods, freedBytes, repositories }: DeletionReport): string {
  const manifests = repositories.reduce((sum, { deleted }) => sum + deleted.length, 0);
  const tags = repositories.reduce((sum, { untagged }) => sum + untagged.length, 0);
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
