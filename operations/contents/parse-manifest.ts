import { z } from "zod";
import { OperationError } from "../operation-error.ts";
import { jsonIn } from "../registry-api/json-in.ts";
import type { RawManifest } from "../registry-api/registry-api.ts";
import type { Descriptor, Manifest } from "./contents.ts";

const PlatformBody = z.object({
  os: z.string().default(""),
  architecture: z.string().default(""),
  variant: z.string().default(""),
});

const DescriptorBody = z.object({
  digest: z.string().regex(/^[a-z0-9]+:[0-9a-f]{32,}$/),
  mediaType: z.string().default(""),
  size: z.int().nonnegative(),
  platform: PlatformBody.nullish(),
});

const ManifestBody = z.object({
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: DescriptorBody.nullish(),
  layers: z.array(DescriptorBody).nullish(),
  manifests: z.array(DescriptorBody).nullish(),
  subject: DescriptorBody.nullish(),
});

const ConfigBody = PlatformBody.extend({ created: z.string().nullish() });

const imageConfig = /^application\/vnd\.(oci\.image\.config|docker\.container\.image)\./;
const imageLayer = /^application\/vnd\.(oci\.image\.layer|docker\.image\.rootfs)\./;

/** Reads a manifest's text. Throws if it is none, since a wrong guess at what it needs could lose images. */
export function parseManifest(raw: RawManifest, where: string): Manifest {
  const read = ManifestBody.safeParse(jsonIn(raw.text));
  if (!read.success)
    throw new OperationError(
      `${where} holds a manifest that cannot be read (${raw.digest}); delete it, or push it again`,
    );
  const { mediaType, artifactType, config, layers, manifests, subject } = read.data;
  const files = (layers ?? []).map(descriptor);
  return {
    digest: raw.digest,
    mediaType: mediaType ?? raw.mediaType,
    size: Buffer.byteLength(raw.text),
    kind: manifests ? "index" : isImage(artifactType, config?.mediaType, files) ? "image" : "artifact",
    children: (manifests ?? []).map(descriptor),
    ...(config && { config: descriptor(config) }),
    layers: files,
    ...(subject && { subject: subject.digest }),
    ...artifactTypeOf(artifactType, config?.mediaType),
  };
}

/** What an image's config says about the image. Nothing if the text is no config. */
export function parseConfig(text: string): Pick<Manifest, "platform" | "created"> {
  const read = ConfigBody.safeParse(jsonIn(text));
  if (!read.success) return {};
  const platform = platformText(read.data);
  const created = new Date(read.data.created ?? "");
  return { ...(platform && { platform }), ...(!Number.isNaN(created.getTime()) && { created }) };
}

/** Signatures and attestations may have an image's config; their layers are not an image's. */
function isImage(artifactType: string | undefined, config: string | undefined, layers: readonly Descriptor[]): boolean {
  return (
    artifactType === undefined &&
    imageConfig.test(config ?? "") &&
    layers.every((each) => imageLayer.test(each.mediaType))
  );
}

function artifactTypeOf(artifactType: string | undefined, config: string | undefined) {
  const type = artifactType ?? (config === undefined || imageConfig.test(config) ? undefined : config);
  return type === undefined ? {} : { artifactType: type };
}

function descriptor({ digest, mediaType, size, platform }: z.output<typeof DescriptorBody>): Descriptor {
  const text = platform ? platformText(platform) : "";
  return { digest, mediaType, size, ...(text && { platform: text }) };
}

function platformText({ os, architecture, variant }: z.output<typeof PlatformBody>): string {
  return [os, architecture, variant].filter((part) => part !== "").join("/");
}
