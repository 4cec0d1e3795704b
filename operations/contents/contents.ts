/** `sha256:` and 64 hexadecimal digits. */
export type Digest = string;

/** What a registry holds, as read through its API. */
export type Contents = { repositories: readonly Repository[] };

export type Repository = {
  name: string;
  tags: readonly Tag[];
  /** Every manifest that can be reached from the tags, their referrers, and those that `untagged` names. */
  manifests: ReadonlyMap<Digest, Manifest>;
  /** Manifests that no tag leads to, and when they were last pushed. @default nobody looked for them */
  untagged?: ReadonlyMap<Digest, Date>;
};

export type Tag = { name: string; digest: Digest };

/** How a manifest names what it references. */
export type Descriptor = {
  digest: Digest;
  mediaType: string;
  /** In bytes. */
  size: number;
  /** Of an index's child, as in linux/arm64. */
  platform?: string;
};

export type Manifest = {
  digest: Digest;
  mediaType: string;
  /** Of the manifest itself, in bytes. */
  size: number;
  /** An artifact is what no container runtime runs: a signature, an SBOM, a Helm chart. */
  kind: "image" | "index" | "artifact";
  /** Of an index. */
  children: readonly Descriptor[];
  config?: Descriptor;
  layers: readonly Descriptor[];
  /** The manifest that this one is a referrer of. */
  subject?: Digest;
  /** Of an image, as in linux/arm64. */
  platform?: string;
  artifactType?: string;
  /** When the image was built, from its config. Undefined for manifests that are no image. */
  created?: Date;
};
