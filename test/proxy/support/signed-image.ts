import { createHash } from "node:crypto";
import { ask, type Question } from "../../../lab/proxy/ask.ts";
import { descriptor, pushBlob, pushImage, pushManifest } from "../../../lab/proxy/content.ts";

const imageType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const sbomType = "application/spdx+json";

export type SignedImageOptions = {
  /** The client that pushes. @default the account jenkins */
  as?: Question;
  /** Whether the registry lists referrers by its API, so that clients write no list. @default false */
  hasReferrersApi?: boolean;
};

/** Pushes an image for two platforms with an SBOM as referrer of the index and of one platform, and a signature of cosign. */
export async function pushSigned(
  to: { url: string },
  repository: string,
  tag: string,
  { as = { basic: "jenkins" }, hasReferrersApi = false }: SignedImageOptions = {},
) {
  const platforms = ["amd64", "arm64"].map(async (architecture) => {
    const { digest, manifest } = await pushImage(
      to,
      repository,
      `${tag}-${architecture}`,
      layer(tag + architecture),
      as,
    );
    return { mediaType: imageType, digest, size: manifest.length, platform: { os: "linux", architecture } };
  });
  const manifests = await Promise.all(platforms);
  const index = await pushManifest(to, repository, tag, { mediaType: indexType, manifests }, as);
  const sboms = [];
  for (const subject of [index, manifests[0]]) {
    const sbom = await pushReferrer(to, repository, subject, as);
    if (!hasReferrersApi)
      await pushManifest(to, repository, listTag(subject), { mediaType: indexType, manifests: [sbom] }, as);
    sboms.push(sbom);
  }
  const signature = `${index.digest.replace(":", "-")}.sig`;
  await pushImage(to, repository, signature, layer("signature"), as);
  return { index, manifests, sboms, signature };
}

/** Pushes an SBOM as referrer of a manifest, and returns its descriptor for a list of referrers. */
export async function pushReferrer(
  to: { url: string },
  repository: string,
  subject: { digest: string } | undefined,
  as: Question,
  content = "sbom",
) {
  const text = Buffer.from(`${content} of ${subject?.digest}`);
  const empty = Buffer.from("{}");
  for (const blob of [text, empty]) await pushBlob(to, repository, blob, as);
  const config = descriptor("application/vnd.oci.empty.v1+json", empty);
  const sbom = { mediaType: imageType, artifactType: sbomType, config, layers: [descriptor(sbomType, text)], subject };
  return { ...(await pushManifest(to, repository, undefined, sbom, as)), artifactType: sbomType };
}

/** The tag that lists a manifest's referrers at a registry without the API. */
function listTag(subject: { digest: string } | undefined): string | undefined {
  return subject?.digest.replace(":", "-");
}

/** The digests that such a tag lists; none where there is no such tag. */
export async function listedAt(registry: { url: string }, repository: string, subject: { digest: string } | undefined) {
  const line = `GET /v2/${repository}/manifests/${listTag(subject)}`;
  const { manifests = [] } = JSON.parse((await ask(registry, line, { headers: { accept: indexType } })).text);
  return manifests.map(({ digest }: { digest: string }) => digest);
}

/** The same text gives the same layer of 200 kB, which takes several packets. */
export function layer(text: string): Buffer {
  return Buffer.alloc(200_000, createHash("sha256").update(text).digest());
}

/** The digest that a registry answers for a tag or digest; undefined if it has none. */
export async function digestAt(registry: { url: string }, repository: string, reference: string): Promise<unknown> {
  const accept = [imageType, indexType].join(", ");
  const line = `HEAD /v2/${repository}/manifests/${reference}`;
  return (await ask(registry, line, { basic: "jenkins", headers: { accept } })).headers["docker-content-digest"];
}
