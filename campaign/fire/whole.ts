import { type Answer, ask } from "../../lab/proxy/ask.ts";
import { digestOf } from "../../lab/proxy/content.ts";

export const imageType = "application/vnd.oci.image.manifest.v1+json";
export const indexType = "application/vnd.oci.image.index.v1+json";
const docker = ["manifest.v2", "manifest.list.v2"].map((type) => `application/vnd.docker.distribution.${type}+json`);
const accept = [imageType, indexType, ...docker].join(", ");

/** An image that a client was told is there. */
export type Acknowledged = { repository: string; digest: string; tag?: string };

type Get = (line: string) => Promise<Answer>;

/** Pulls images by digest, each with all that it references, and asks for their tags. Returns a line for all that is wrong. */
export async function notWhole(
  to: { url: string },
  images: Iterable<Acknowledged>,
  get: Get = (line) => ask(to, line, { headers: { accept } }),
): Promise<string[]> {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { repository, digest, tag } of images) {
    await pull(`GET /v2/${repository}/manifests/${digest}`);
    if (tag === undefined) continue;
    const { status, text } = await get(`GET /v2/${repository}/manifests/${tag}`);
    if (digestOf(text) !== digest) problems.push(`${repository}:${tag}: ${status}, and not ${digest}`);
  }
  return problems;

  async function pull(line: string): Promise<void> {
    if (seen.has(line)) return;
    seen.add(line);
    const { status, body, text } = await get(line);
    if (status !== 200 || !line.endsWith(digestOf(body))) {
      problems.push(`${line}: ${status} ${text.slice(0, 200)}`);
      return;
    }
    if (!line.includes("/manifests/")) return;
    const { config, layers = [], manifests = [] } = JSON.parse(text);
    const folder = line.slice(0, line.lastIndexOf("/manifests/"));
    for (const child of manifests) await pull(`${folder}/manifests/${child.digest}`);
    for (const blob of [...(config ? [config] : []), ...layers]) await pull(`${folder}/blobs/${blob.digest}`);
  }
}
