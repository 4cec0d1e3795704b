import { dirname } from "node:path";
import { block, type Line } from "../caddy/block.ts";
import { type ProxyConfig, proxyFiles } from "./proxy-config.ts";
import { connectAgain, requestUpstream } from "./upstream.ts";

/** The name of the site that sends on what waited. Clients cannot reach it, since it listens only on a Unix socket. */
const site = "writes";

/** How long a write may wait for the end of a hold, in seconds. Holds end by themselves, after four seconds at most. */
const longestWaitSeconds = 10;

/** The folder of the collector's files, if garbage is collected in the storage. */
export function collectionFolder({ storageRoot, collected = false }: ProxyConfig): string | undefined {
  return collected && storageRoot !== undefined ? `${storageRoot}/collection` : undefined;
}

/** The directive that sends a write to distribution. */
export function writing(proxy: ProxyConfig): Line {
  return collectionFolder(proxy) === undefined ? "import upstream" : "import write";
}

/**
 * The snippet `write` for requests that change the storage, and the site that sends on those that waited. Chunks of an
 * upload do not wait, since nothing is decided before its last request. A hold is a file whose name is the current
 * second. The name of the socket has the second, too, so that it exists only after the hold: until then Caddy's attempts
 * to connect fail, and it tries again.
 */
export function heldWrites(upstream: string, folder: string): readonly Line[] {
  const held = requestUpstream(`unix/${folder}/hold/open-{time.now.unix}.sock`, {
    options: [`lb_try_duration ${longestWaitSeconds}s`, "lb_try_interval 20ms", `header_up Host ${site}`],
    transport: ["keepalive off"],
  });
  return [
    block("(write)", [
      block("route", [
        "@decides method POST PUT DELETE",
        block("route @decides", [
          block("@held file", [`root ${folder}/hold`, "try_files /held-{time.now.unix}"]),
          block("route @held", held),
        ]),
        "import upstream",
      ]),
    ]),
    "",
    block(`http://${site}`, [
      `bind unix/${proxyFiles.writesSocket}`,
      block(`reverse_proxy ${upstream}`, [...connectAgain, block("transport http", ["compression off"])]),
    ]),
  ];
}

/**
 * Within a route for a blob: a blob that is about to be collected is missing for HEAD, so that clients upload it. In the
 * repository of a client that has uploaded it since, it is there: docker asks once more after each upload. Then the link
 * is newer than the candidate's file.
 */
export function unknownCandidate(folder: string): Line[] {
  const file = "/collection/candidates/{re.digest.1}";
  const link = "/docker/registry/v2/repositories/{re.v2.repository}/_layers/sha256/{re.digest.1}/link";
  return [
    "@head method HEAD",
    block("route @head", [
      candidate(folder, "{re.digest.1}"),
      block("route @candidate", [
        block("@newest file", [
          `root ${dirname(folder)}`,
          `try_files ${file} ${link}`,
          "try_policy most_recently_modified",
        ]),
        block("route @newest", [`@unlinked vars {http.matchers.file.relative} ${file}`, "error @unlinked 404"]),
      ]),
    ]),
  ];
}

/** Within the route for a mount: such a blob is not mounted either. The registry then answers with a new upload. */
export function unmountedCandidate(folder: string): Line[] {
  return [
    "@digest vars_regexp digest {http.request.uri.query.mount} ^sha256:([0-9a-f]{64})$",
    block("route @digest", [
      candidate(folder, "{re.digest.1}"),
      block("route @candidate", ["rewrite ?", "import write"]),
    ]),
  ];
}

function candidate(folder: string, name: string): Line {
  return block("@candidate file", [`root ${folder}/candidates`, `try_files /${name}`]);
}

/** The folder of the trash, and the path in it of the blob that a request asks for. */
export function trashedBlob(folder: string): { root: string; path: string } {
  return { root: `${folder}/trash`, path: "/{re.digest.1}/data" };
}
