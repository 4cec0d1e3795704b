import { block, type Line } from "../caddy/block.ts";
import { fileServer } from "./unopened-files.ts";

/** Media types of the manifests that distribution stores. */
const mediaTypes = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

/**
 * The longest manifest that is served from its file, in characters. Caddy's `{file.…}` reads a mebibyte at most, and a
 * character has four bytes at most.
 */
const longestManifest = 250_000;

/** The tag's digest: the only text in the file of its link. */
const linkPattern = "^sha256:[0-9a-f]+$";

/** Begins a manifest whose first two keys are the schema's version and the media type, and has the text after them. */
const beginningPattern = [
  String.raw`^\s*\{\s*(?:`,
  String.raw`"schemaVersion"\s*:\s*2\s*,\s*"mediaType"\s*:\s*"([\w./+-]+)"`,
  "|",
  String.raw`"mediaType"\s*:\s*"([\w./+-]+)"\s*,\s*"schemaVersion"\s*:\s*2`,
  String.raw`)\s*([,}][\s\S]*)$`,
].join("");

/**
 * A later key that distribution might read as one of the first two: it ignores case, and takes the last one. The keys of
 * descriptors are found, too, unless the media type is their first key, as every client writes it.
 */
const ambiguousPattern = String.raw`(?i),\s*"(?:mediatype"|schemaversion"|[^"]*\\)`;

/** The manifest's type, a space, and an `Accept` header that has it, without parameters. */
const acceptedPattern = `^(?:${mediaTypes
  .map((type) => type.replace(/[.+]/g, String.raw`\$&`))
  .map((type) => String.raw`${type} (?:.*,)?[ \t]*${type}[ \t]*(?:,.*)?`)
  .join("|")})$`;

/**
 * Directives within a route for reads: manifests that the repository links come from the storage's files, with the
 * headers that distribution sends. They pass on whatever distribution might answer in another way: a manifest whose media
 * type is not at its beginning, a client that does not accept it or asks on a condition, another digest than sha256.
 * `root` is the absolute path of distribution's folder `v2`.
 */
export function manifestFiles(root: string): Line[] {
  return [
    block("@manifest", ["vars {re.v2.endpoint} manifests", "not header If-None-Match *"]),
    block("route @manifest", [
      "vars manifest {re.v2.reference}",
      ...tag(root),
      "@manifest-digest vars_regexp digest {vars.manifest} ^sha256:(([0-9a-f]{2})[0-9a-f]{62})$",
      block("route @manifest-digest", [
        block("@revision file", [
          `root ${root}/repositories`,
          "try_files /{re.v2.repository}/_manifests/revisions/sha256/{re.digest.1}/link",
        ]),
        block("route @revision", revision(`${root}/blobs/sha256`)),
      ]),
    ]),
  ];
}

function tag(root: string): Line[] {
  return [
    block("@tag file", [
      `root ${root}/repositories`,
      "try_files /{re.v2.repository}/_manifests/tags/{re.v2.reference}/current/link",
    ]),
    block("route @tag", [
      `@named expression ${matchesFile("named", "{http.matchers.file.absolute}", linkPattern)}`,
      "vars @named manifest {re.named.0}",
    ]),
  ];
}

function revision(blobs: string): Line[] {
  const path = `"${blobs}/" + {re.digest.2} + "/" + {re.digest.1} + "/data"`;
  return [
    `@typed expression ${matchesFile("manifest", path, beginningPattern)}`,
    block("route @typed", [
      `@unambiguous expression \`{re.manifest.3}.size() < ${longestManifest} && !{re.manifest.3}.matches(r'${ambiguousPattern}')\``,
      block("route @unambiguous", [
        'vars accepted "{re.manifest.1}{re.manifest.2} {http.request.header.Accept}"',
        `@accepted vars_regexp accepted \`${acceptedPattern}\``,
        block("route @accepted", file(blobs)),
      ]),
    ]),
  ];
}

// distribution takes a manifest's whole file whatever the range or date. Only answers of the file server say that they
// accept ranges: so the registry's own answer, after the file is gone, keeps its headers.
function file(blobs: string): Line[] {
  return [
    "request_header -If-*",
    "request_header -Range",
    block("header", [
      "match header Accept-Ranges bytes",
      "Content-Type {re.manifest.1}{re.manifest.2}",
      "Docker-Content-Digest {vars.manifest}",
      "Docker-Distribution-Api-Version registry/2.0",
      'Etag `"{vars.manifest}"`',
      "X-Content-Type-Options nosniff",
      "-Accept-Ranges",
      "-Last-Modified",
      "-Vary",
    ]),
    "rewrite /{re.digest.2}/{re.digest.1}/data",
    ...fileServer("manifest", [`root ${blobs}`], true),
    "rewrite {http.request.orig_uri}",
  ];
}

/**
 * An expression that matches a file's text with a regular expression, by this name. Only an expression can put together the
 * name of a placeholder, which is the file's path. Caddy compiles the pattern for each request, so it should be short.
 */
function matchesFile(name: string, path: string, pattern: string): string {
  return `\`vars_regexp("${name}", "{file." + ${path} + "}", r'${pattern}')\``;
}
