import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { goBinary } from "../../lab/go/go-build.ts";
import { type Answer, ask, type Question } from "../../lab/proxy/ask.ts";
import { conformanceResults, conformanceSuite } from "../../lab/proxy/conformance-suite.ts";
import { digestOf } from "../../lab/proxy/content.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

const proxy = withWorld(() => startProxy());

describe("the OCI's conformance suite", () => {
  it("has the same results through the proxy as with distribution alone", { timeout: 300_000 }, async ({ skip }) => {
    const suite = await goBinary(conformanceSuite).catch(String);
    if (!suite.startsWith("/")) return skip(`the suite's Go module is not to be had here: ${suite.slice(0, 300)}`);
    const alone = await conformanceResults({ suite, url: proxy().registryUrl, repository: "alone" });
    const account = { name: "jenkins", password: "jenkins-password" };
    const through = await conformanceResults({ suite, url: proxy().url, repository: "through", account });
    expect(alone.filter((result) => result.endsWith(": passed")).length).toBeGreaterThan(400);
    expect(through).toEqual(alone);
  });
});

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const blob = Buffer.from("a layer");
const config = Buffer.from("{}");
const sha512 = `sha512:${createHash("sha512").update(blob).digest("hex")}`;
const absent = digestOf("nobody has pushed this");
const descriptor = (content: Buffer | string, mediaType: string) => ({
  mediaType,
  digest: digestOf(content),
  size: content.length,
});
const image = (more: object = {}) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(config, "application/vnd.oci.image.config.v1+json"),
    layers: [descriptor(blob, "application/vnd.oci.image.layer.v1.tar")],
    ...more,
  });
const small = image();
const large = image({ annotations: { note: "much to say ".repeat(100_000) } });
const tooLarge = image({ annotations: { note: "x".repeat(5_000_000) } });
const index = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [descriptor(small, manifestType)] });
const artifact = image({ subject: descriptor(small, manifestType), artifactType: "application/example" });
const orphan = image({ subject: { mediaType: manifestType, digest: absent, size: 9 } });
const withoutBlobs = image({ layers: [{ ...descriptor("absent", "application/example"), digest: absent }] });
const octets = { "content-type": "application/octet-stream" };
const typed = (type: string) => ({ "content-type": type });

/** A request, in which `LOCATION` stands for the last answer's location, and `REPO` for the repository. */
type Step = [line: string, headers?: Record<string, string>, body?: Buffer | string];

/**
 * Requests to each endpoint of the specification, valid and invalid, for machines that cannot download the conformance
 * tests.
 */
const steps: Step[] = [
  ["GET /v2/"],
  ["GET /v2/REPO/tags/list"],
  [`GET /v2/REPO/referrers/${absent}`],
  [`GET /v2/REPO/blobs/${absent}`],
  [`HEAD /v2/REPO/blobs/${absent}`],
  ["GET /v2/REPO/manifests/absent"],
  ["HEAD /v2/REPO/manifests/absent"],
  ["POST /v2/REPO/blobs/uploads/"],
  [`PUT LOCATION&digest=${digestOf(config)}`, octets, config],
  ["POST /v2/REPO/blobs/uploads/"],
  ["GET LOCATION"],
  ["PATCH LOCATION", { ...octets, "content-range": "0-2" }, blob.subarray(0, 3)],
  ["GET LOCATION"],
  ["PATCH LOCATION", { ...octets, "content-range": "5-6" }, blob.subarray(5)],
  ["PATCH LOCATION", { ...octets, "content-range": "3-6" }, blob.subarray(3)],
  [`PUT LOCATION&digest=${digestOf(blob)}`],
  [`HEAD /v2/REPO/blobs/${digestOf(blob)}`],
  [`GET /v2/REPO/blobs/${digestOf(blob)}`],
  [`GET /v2/REPO/blobs/${digestOf(blob)}`, { range: "bytes=2-4" }],
  ["POST /v2/REPO/blobs/uploads/"],
  ["PATCH LOCATION", { ...octets, "transfer-encoding": "chunked" }, blob],
  [`PUT LOCATION&digest=${digestOf(blob)}`],
  ["POST /v2/REPO/blobs/uploads/"],
  [`PUT LOCATION&digest=${sha512}`, octets, blob],
  [`GET /v2/REPO/blobs/${sha512}`],
  ["POST /v2/REPO/blobs/uploads/"],
  [`PUT LOCATION&digest=${digestOf("")}`],
  [`GET /v2/REPO/blobs/${digestOf("")}`],
  ["POST /v2/REPO/blobs/uploads/"],
  [`PUT LOCATION&digest=${absent}`, octets, blob],
  ["POST /v2/REPO/blobs/uploads/"],
  ["PUT LOCATION&digest=nonsense", octets, blob],
  ["POST /v2/REPO/blobs/uploads/"],
  ["DELETE LOCATION"],
  ["GET LOCATION"],
  [`POST /v2/REPO/blobs/uploads/?digest=${digestOf(blob)}`, octets, blob],
  [`POST /v2/REPO-other/blobs/uploads/?mount=${digestOf(blob)}&from=REPO`],
  [`POST /v2/REPO-other/blobs/uploads/?mount=${absent}&from=REPO`],
  [`POST /v2/REPO-other/blobs/uploads/?mount=${digestOf(config)}`],
  [`GET /v2/REPO-other/blobs/${digestOf(blob)}`],
  ["PUT /v2/REPO/manifests/small", typed(manifestType), small],
  [`PUT /v2/REPO/manifests/${digestOf(small)}`, typed(manifestType), small],
  [`PUT /v2/REPO/manifests/${absent}`, typed(manifestType), small],
  ["PUT /v2/REPO/manifests/large", typed(manifestType), large],
  ["PUT /v2/REPO/manifests/too-large", typed(manifestType), tooLarge],
  ["PUT /v2/REPO/manifests/index", typed(indexType), index],
  ["PUT /v2/REPO/manifests/artifact", typed(manifestType), artifact],
  ["PUT /v2/REPO/manifests/orphan", typed(manifestType), orphan],
  ["PUT /v2/REPO/manifests/without-blobs", typed(manifestType), withoutBlobs],
  ["PUT /v2/REPO/manifests/no-json", typed(manifestType), "{"],
  ["PUT /v2/REPO/manifests/another-type", typed("application/example"), small],
  ["PUT /v2/REPO/manifests/-invalid", typed(manifestType), small],
  ...["small", "large", "index", "artifact", digestOf(large), digestOf(index)].flatMap<Step>((reference) => [
    [`HEAD /v2/REPO/manifests/${reference}`],
    [`GET /v2/REPO/manifests/${reference}`],
  ]),
  ["GET /v2/REPO/manifests/small", { accept: indexType }],
  ["GET /v2/REPO/manifests/large", { "if-none-match": `"${digestOf(large)}"` }],
  [`GET /v2/REPO/referrers/${digestOf(small)}`],
  [`GET /v2/REPO/referrers/${digestOf(small)}?artifactType=application/example`],
  ["GET /v2/REPO/tags/list"],
  ["GET /v2/REPO/tags/list?n=2"],
  ["GET /v2/REPO/tags/list?n=2&last=index"],
  ["GET /v2/REPO/tags/list?n=0"],
  ["GET /v2/REPO/tags/list?n=many"],
  ["DELETE /v2/REPO/manifests/small"],
  ["GET /v2/REPO/manifests/small"],
  [`DELETE /v2/REPO/manifests/${digestOf(large)}`],
  ["GET /v2/REPO/manifests/large"],
  [`DELETE /v2/REPO/manifests/${absent}`],
  [`DELETE /v2/REPO/blobs/${digestOf(blob)}`],
  [`GET /v2/REPO/blobs/${digestOf(blob)}`],
  [`DELETE /v2/REPO/blobs/${absent}`],
];

describe("what the specification has clients do", () => {
  it("is answered through the proxy as by distribution alone", { timeout: 120_000 }, async () => {
    const alone = await walk(proxy().registryUrl, "team-a/alone", {});
    const through = await walk(proxy().url, "team-a/proxy", { bearer: "jenkins" });
    expect(alone.length).toBe(steps.length);
    expect(through).toEqual(alone);
  });
});

/** Headers that are compared: those that the specification defines, and those that HTTP clients use. */
const meaningful = [
  "accept-ranges",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "docker-content-digest",
  "docker-distribution-api-version",
  "etag",
  "link",
  "location",
  "oci-chunk-min-length",
  "oci-filters-applied",
  "oci-subject",
  "range",
];

/** Sends all steps. Returns each answer without the parts that differ between any two runs. */
async function walk(url: string, repository: string, as: Question) {
  const seen: object[] = [];
  let location = "";
  for (const [step, headers = {}, body] of steps) {
    const line = step.replaceAll("REPO", repository).replace("LOCATION", location);
    const accept = `${manifestType}, ${indexType}`;
    const answer = await ask({ url }, line, {
      ...as,
      headers: { accept, "accept-encoding": "gzip", ...headers },
      body,
    });
    if (answer.headers.location !== undefined) {
      const { pathname, search } = new URL(answer.headers.location, url);
      location = pathname + (search === "" ? "?" : search);
    }
    seen.push({ step, status: answer.status, ...comparable(answer, repository) });
  }
  return seen;
}

function comparable({ headers, text, status }: Answer, repository: string) {
  const general = (value: string) =>
    value
      .replace(/^https?:\/\/[^/]+/, "")
      .replaceAll(repository, "REPO")
      .replace(/uploads\/[0-9a-f-]{36}/, "uploads/UUID")
      .replace(/_state=[\w=%-]+/, "_state=STATE");
  const compared = meaningful.map((name) => [
    name,
    headers[name] === undefined ? undefined : general(String(headers[name])),
  ]);
  // Length and type are not compared for errors, of which the specification defines only the code, and for answers with the
  // repository's name, whose length differs.
  const isFree = (name = "") => /^content-(length|type)$/.test(name) && (status >= 400 || text.includes(repository));
  const told = Object.fromEntries(compared.filter(([name]) => !isFree(name)));
  return { headers: told, body: status >= 400 && text !== "" ? errorCodes(text) : general(text) };
}

/** The codes of an error. Without a proxy, distribution answers unknown paths with plain text, which counts as NAME_INVALID. */
function errorCodes(text: string): string[] {
  if (text.startsWith("404 page not found")) return ["NAME_INVALID"];
  return (JSON.parse(text) as { errors: { code: string }[] }).errors.map(({ code }) => code);
}
