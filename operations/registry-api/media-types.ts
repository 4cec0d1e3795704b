const indexTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

const manifestTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** The Accept header for manifests. Without it registries return old formats with another digest. */
export const acceptedTypes = [...indexTypes, ...manifestTypes].join(", ");
