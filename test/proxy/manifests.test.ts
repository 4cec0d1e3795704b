import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Answer, ask, type Question } from "../../lab/proxy/ask.ts";
import { digestOf, pushBlob } from "../../lab/proxy/content.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

const oci = "application/vnd.oci.image.manifest.v1+json";
const ociIndex = "application/vnd.oci.image.index.v1+json";
const docker = "application/vnd.docker.distribution.manifest.v2+json";
const dockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
const all = [oci, ociIndex, docker, dockerList];

const config = Buffer.from("{}");
const layer = Buffer.from("a layer");
const described = (content: Buffer | string, mediaType: string) => ({
  mediaType,
  size: content.length,
  digest: digestOf(content),
});
const parts = (of: "oci" | "docker", more: object = {}) => ({
  config: described(config, `application/vnd.${of}.config`),
  layers: [described(layer, `application/vnd.${of}.layer`)],
  ...more,
});
const ociImage = JSON.stringify({ schemaVersion: 2, mediaType: oci, ...parts("oci") });
const dockerImage = JSON.stringify({ schemaVersion: 2, mediaType: docker, ...parts("docker") }, undefined, 3);
const platform = { architecture: "amd64", os: "linux" };
const escaped = { "org.example": 'by "Élodie" <e@example.org> \\ {{readFile "/etc/passwd"}} {env.PATH} % ü\u2028' };

/** Manifests by tag: media type, text, and whether the proxy serves it from its file. */
const stored: Record<string, [type: string, text: string, served: boolean]> = {
  oci: [oci, ociImage, true],
  docker: [docker, dockerImage, true],
  "oci-index": [
    ociIndex,
    JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [described(ociImage, oci)] }),
    true,
  ],
  "docker-list": [
    dockerList,
    JSON.stringify(
      { schemaVersion: 2, mediaType: dockerList, manifests: [{ ...described(dockerImage, docker), platform }] },
      undefined,
      2,
    ),
    true,
  ],
  "type-first": [docker, JSON.stringify({ mediaType: docker, schemaVersion: 2, ...parts("docker") }), true],
  "ends-in-newlines": [oci, `${ociImage}\n\n`, true],
  "begins-in-space": [oci, ` \r\n\t${ociImage.replace(/^\{/, "{ ")}`, true],
  annotated: [
    oci,
    JSON.stringify({ schemaVersion: 2, mediaType: oci, ...parts("oci", { annotations: escaped }) }),
    true,
  ],
  referrer: [
    oci,
    JSON.stringify({ schemaVersion: 2, mediaType: oci, ...parts("oci", { subject: described(ociImage, oci) }) }),
    true,
  ],
  "no-type": [oci, JSON.stringify({ schemaVersion: 2, ...parts("oci") }), false],
  "no-type-index": [ociIndex, JSON.stringify({ schemaVersion: 2, manifests: [described(ociImage, oci)] }), false],
  "type-last": [oci, JSON.stringify({ schemaVersion: 2, ...parts("oci"), mediaType: oci }), false],
  "second-type": [oci, ociImage.replace(oci, ociIndex).replace(/}$/, `,"mediaType":"${oci}"}`), false],
  "second-type-in-capitals": [oci, ociImage.replace(oci, docker).replace(/}$/, ` , "MEDIATYPE":"${oci}"}`), false],
  "second-type-escaped": [oci, ociImage.replace(oci, docker).replace(/}$/, `,"m\\u0065diaType":"${oci}"}`), false],
  "second-version": [oci, ociImage.replace(/}$/, `,"\u017fchemaVersion":2}`), false],
  "descriptor-with-type-last": [
    oci,
    ociImage.replace(/("mediaType":"application\/vnd.oci.layer"),([^}]*)/, "$2,$1"),
    false,
  ],
  long: [
    oci,
    JSON.stringify({ schemaVersion: 2, mediaType: oci, ...parts("oci", { annotations: { a: "b".repeat(300_000) } }) }),
    false,
  ],
  longest: [
    oci,
    `${JSON.stringify({ schemaVersion: 2, mediaType: oci, ...parts("oci", { annotations: { a: "ü".repeat(1 << 20) } }) })}`,
    false,
  ],
};

const jenkins: Question = { bearer: "jenkins" };

async function pushManifest(to: { url: string }, repository: string, reference: string, type: string, body: string) {
  const question = { ...jenkins, headers: { "content-type": type }, body };
  const { status, text } = await ask(to, `PUT /v2/${repository}/manifests/${reference}`, question);
  if (status !== 201) throw new Error(`${reference} was refused with ${status}: ${text}`);
}

async function pushAll(proxy: StartedProxy): Promise<void> {
  for (const blob of [config, layer]) await pushBlob(proxy, "team-a/app", blob, jenkins);
  for (const [tag, [type, text]] of Object.entries(stored)) await pushManifest(proxy, "team-a/app", tag, type, text);
}

const proxy = withWorld(async ({ use }) => {
  const proxy = use(await startProxy());
  await pushAll(proxy);
  return proxy;
});

/** Whether Caddy asked the registry for the answer: then the answer has the header `Via`. */
const proxied = (answer: Answer) => answer.headers.via !== undefined;

/** What has to be the same as the registry's own: everything but who answered when. */
function comparable({ status, headers, body }: Answer) {
  const { date: _, via: __, server: ___, connection: ____, "keep-alive": _____, ...rest } = headers;
  return { status, headers: rest, body: body.toString("base64") };
}

/** Asks proxy and registry the same. Fails if their answers differ. */
async function asked(line: string, question: Question = {}, of: StartedProxy = proxy()): Promise<Answer> {
  const answer = await ask(of, line, question);
  expect(comparable(answer)).toEqual(comparable(await ask({ url: of.registryUrl }, line, question)));
  return answer;
}

const path = (reference: string, repository = "team-a/app") => `/v2/${repository}/manifests/${reference}`;
const accepting = (...types: string[]): Question => ({ headers: { accept: types } });

describe("a manifest is answered as by the registry", () => {
  it.each(Object.entries(stored))("%s, by tag and by digest", async (tag, [type, text, served]) => {
    for (const reference of [tag, digestOf(text)]) {
      for (const method of ["GET", "HEAD"]) {
        const answer = await asked(`${method} ${path(reference)}`, accepting(...all));
        expect([answer.status, answer.headers["content-type"]]).toEqual([200, type]);
        expect(answer.headers["docker-content-digest"]).toBe(digestOf(text));
        if (method === "GET") expect(answer.text).toBe(text);
        expect(proxied(answer)).toBe(!served);
      }
    }
  });

  it.each<[string, Question["headers"], boolean]>([
    ["accepted alone", { accept: oci }, true],
    ["in several headers", { accept: [docker, oci] }, true],
    ["in a list without spaces", { accept: `${docker},${oci},*/*` }, true],
    ["in a list with tabs", { accept: `${docker} ,\t${oci} ` }, true],
    ["with a parameter", { accept: `${oci};q=0.5` }, false],
    ["with a wrong parameter", { accept: `${oci};q` }, false],
    ["in capitals", { accept: oci.toUpperCase() }, false],
    ["not accepted", { accept: docker }, false],
    ["as part of another type", { accept: `${oci}x, x${oci}` }, false],
    ["by anything", { accept: "*/*" }, false],
    ["without a word about it", { accept: "" }, false],
    ["asked for by its digest", { accept: oci, "if-none-match": `"${digestOf(ociImage)}"` }, false],
    ["asked for by its bare digest", { accept: oci, "if-none-match": digestOf(ociImage) }, false],
    ["unless it is any", { accept: oci, "if-none-match": "*" }, false],
    ["unless it is another", { accept: oci, "if-none-match": '"other"' }, false],
    ["if it is another", { accept: oci, "if-match": '"other"' }, true],
    ["if it changed", { accept: oci, "if-modified-since": new Date(Date.now() + 9e6).toUTCString() }, true],
    ["if it did not change", { accept: oci, "if-unmodified-since": new Date(0).toUTCString() }, true],
    ["in part", { accept: oci, range: "bytes=2-9" }, true],
    ["beyond its end", { accept: oci, range: "bytes=99999-", "if-range": '"other"' }, true],
    ["compressed", { accept: oci, "accept-encoding": "gzip, zstd, br" }, true],
  ])("%s", async (_what, headers, served) => {
    for (const reference of ["oci", digestOf(ociImage)])
      for (const method of ["GET", "HEAD"])
        expect(proxied(await asked(`${method} ${path(reference)}`, { headers }))).toBe(!served);
  });

  it.each(["docker", "docker-list", "oci-index"])("where a client accepts other types than %s's", async (tag) => {
    for (const reference of [tag, digestOf(stored[tag]?.[1] ?? "")])
      for (const types of [[oci], [docker], []])
        if (tag !== "docker" || !types.includes(docker))
          expect(proxied(await asked(`GET ${path(reference)}`, accepting(...types)))).toBe(true);
  });

  it("whatever the query", async () => {
    const answer = await asked(`GET ${path("oci")}?ns=registry.example.org&x={env.HOME}`);
    expect([answer.status, proxied(answer)]).toEqual([200, false]);
  });

  it.each([
    ["a tag that nobody pushed", path("absent")],
    ["a digest that nobody pushed", path(digestOf("absent"))],
    ["a layer's digest", path(digestOf(layer))],
    ["another repository's tag", path("oci", "team-b/app")],
    ["another repository's digest", path(digestOf(ociImage), "team-b/app")],
    ["sha512", path(`sha512:${"0".repeat(128)}`)],
  ])("that is not there: %s", async (_what, missing) => {
    await pushBlob(proxy(), "team-b/app", layer, jenkins);
    for (const method of ["GET", "HEAD"]) {
      const answer = await asked(`${method} ${missing}`, accepting(...all));
      expect([400, 404]).toContain(answer.status);
      expect(proxied(answer)).toBe(true);
    }
  });
});

describe("a manifest that changes", () => {
  const image = (name: string) =>
    JSON.stringify({ schemaVersion: 2, mediaType: oci, ...parts("oci", { annotations: { name } }) });
  const pushed = async (tag: string, text: string) => {
    await pushManifest(proxy(), "team-a/app", tag, oci, text);
    return digestOf(text);
  };
  const text = async (reference: string) => (await asked(`GET ${path(reference)}`)).text;
  const status = async (reference: string) => (await asked(`GET ${path(reference)}`)).status;

  // The proxy has its own words for a failure.
  const failure = async (reference: string) => {
    const { status } = await ask(proxy(), `GET ${path(reference)}`);
    expect(status).toBe((await ask({ url: proxy().registryUrl }, `GET ${path(reference)}`)).status);
    return status;
  };

  it("is the new one as soon as its tag is", async () => {
    for (const name of ["first", "second", "first"]) {
      await pushed("moved", image(name));
      expect(await text("moved")).toBe(image(name));
    }
  });

  it("is never half of one while its tag is overwritten", async () => {
    const texts = [image("one"), image("the other one".repeat(50))];
    await pushed("busy", image("one"));
    const busy = { pushing: true };
    const pushing = (async () => {
      for (let turn = 0; turn < 60; turn++) await pushed("busy", texts[turn % 2] ?? "");
      busy.pushing = false;
    })();
    let answers = 0;
    for (; busy.pushing; answers++) {
      const { status, body, headers } = await ask(proxy(), `GET ${path("busy")}`);
      expect([status, headers["docker-content-digest"]]).toEqual([200, digestOf(body)]);
    }
    await pushing;
    expect(answers).toBeGreaterThan(10);
  });

  it("is not found by a deleted tag, and still by its digest", async () => {
    const digest = await pushed("soon-untagged", image("untagged"));
    expect(await status("soon-untagged")).toBe(200);
    expect((await ask(proxy(), `DELETE ${path("soon-untagged")}`, jenkins)).status).toBe(202);
    expect([await status("soon-untagged"), await status(digest)]).toEqual([404, 200]);
  });

  it("is not found at all once deleted", async () => {
    const digest = await pushed("soon-deleted", image("deleted"));
    expect((await ask(proxy(), `DELETE ${path(digest)}`, jenkins)).status).toBe(202);
    expect([await status("soon-deleted"), await status(digest)]).toEqual([404, 404]);
  });

  it("is the registry's to explain where its data is gone, or damaged, or its tag is empty", async () => {
    const digest = await pushed("damaged", image("damaged"));
    const hex = digest.slice("sha256:".length);
    const data = join(proxy().storage, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
    await rename(data, `${data}.moved`);
    expect([await status("damaged"), await status(digest)]).toEqual([404, 404]);
    await writeFile(data, "");
    expect([await failure("damaged"), await failure(digest)]).toEqual([500, 500]);
    await rm(data);
    await rename(`${data}.moved`, data);
    expect(await status(digest)).toBe(200);
    const link = join(
      proxy().storage,
      "docker/registry/v2/repositories/team-a/app/_manifests/tags/damaged/current/link",
    );
    for (const written of ["", "sha256:../../../../../etc/passwd", `${digest}/../${digest}`]) {
      await writeFile(link, written);
      expect(await failure("damaged")).toBeGreaterThanOrEqual(404);
    }
  });
});

it("is never served by a name that is no repository's or tag's", async () => {
  const planted = join(
    proxy().storage,
    "docker/registry/v2/repositories/team-a/app/_manifests/tags/{env.HOME}/current",
  );
  await mkdir(planted, { recursive: true });
  await writeFile(join(planted, "link"), digestOf(ociImage));
  for (const reference of ["{env.HOME}", "%7Benv.HOME%7D", "../tags/oci", "*", "o?i", "oci/../oci"])
    expect((await ask(proxy(), `GET ${path(reference)}`)).status).toBe(404);
});

it("serves manifests from files to those who may read, where reads are closed, and logs each", async () => {
  await using closed = await startProxy({
    accounts: [account("jenkins", { push: ["**"] }), account("dana", { pull: ["team-a/**"] })],
    requiresAuthForPull: true,
  });
  for (const repository of ["team-a/app", "team-b/app"]) {
    for (const blob of [config, layer]) await pushBlob(closed, repository, blob, jenkins);
    await pushManifest(closed, repository, "v1", oci, ociImage);
  }
  const status = async (repository: string, question: Question) =>
    (await ask(closed, `GET ${path("v1", repository)}`, question)).status;
  expect(await status("team-a/app", {})).toBe(401);
  expect(await status("team-b/app", { bearer: "dana" })).toBe(403);
  const answer = await ask(closed, `GET ${path("v1")}`, { bearer: "dana" });
  expect([answer.status, answer.text, proxied(answer)]).toEqual([200, ociImage, false]);
  const logged = (await closed.accessLog())
    .split("\n")
    .filter((line) => line.includes('"dana"') && line.includes(`"uri":"${path("v1")}"`))
    .map((line) => JSON.parse(line));
  expect(logged).toMatchObject([{ status: 200, size: ociImage.length, request: { method: "GET" } }]);
});

it("proxies manifests where the storage is not at hand", async () => {
  await using remote = await startProxy({ storageRoot: undefined });
  for (const blob of [config, layer]) await pushBlob(remote, "team-a/app", blob, jenkins);
  await pushManifest(remote, "team-a/app", "v1", oci, ociImage);
  const answer = await asked(`GET ${path("v1")}`, {}, remote);
  expect([answer.status, proxied(answer)]).toEqual([200, true]);
});
