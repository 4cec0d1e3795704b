import type { Digest } from "../contents/contents.ts";

/** What `registry copy --json` prints. Fields may be added, none is removed. */
export type CopyReport = {
  /** The registries, as in `https://harbor.example.org`. */
  from: string;
  to: string;
  repositories: number;
  /** How many images this run copied. */
  copied: number;
  /** The destination's images that are the same at the source, with every platform and referrer. */
  agreed: { repository: string; tag: string; digest: Digest }[];
  /** The destination's images that differ from the source. */
  differences: { repository: string; tag: string; problem: string }[];
};

export function copyReportText({ from, to, repositories, copied, agreed, differences }: CopyReport): string {
  const same = `${agreed.length} tags of ${repositories} repositories`;
  if (differences.length === 0)
    return `${from} and ${to} agree in ${same}: digests, platforms, referrers (${copied} copied)`;
  const lines = differences.map(({ repository, tag, problem }) => `  ${repository}:${tag} ${problem}`);
  return [`${from} and ${to} agree in ${same} (${copied} copied), and differ in ${differences.length}:`, ...lines].join(
    "\n",
  );
}
