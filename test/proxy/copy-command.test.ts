import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { goBinary } from "../../lab/go/go-build.ts";
import { ask } from "../../lab/proxy/ask.ts";
import { descriptor, pushBlob, pushImage, pushManifest } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { startFailingFront } from "../../lab/proxy/failing-front.ts";
import { regctl } from "../../lab/proxy/regctl.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";
import type { CopyReport } from "../../operations/copy/copy-report.ts";
import { registry } from "../../operations/registry.ts";
import { type FakePrograms, fakePrograms } from "../unit/operations/fake-programs.ts";
import { said } from "../unit/operations/output.ts";

const imageType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const sbomType = "application/spdx+json";
const jenkins = { basic: "jenkins" };

/** The source's accounts are others than the stack's. */
const atSource = {
  requiresAuthForPull: true,
  accounts: [account("reader", { pull: ["**"] }), account("jenkins", { push: ["**"] })],
};

let folder: string;
let programs: FakePrograms;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "copy-"));
  for (const name of ["docker", "old"]) await mkdir(join(folder, name));
  const program = await goBinary(regctl);
  programs = fakePrograms({
    pulumi: `case "$*" in *'--stack old'*) cd '${folder}/old' ;; *) cd '${folder}' ;; esac
      case $1 in config) cat config.json ;; *) cat outputs.json ;; esac`,
    regctl: `printf '%s\\n' "$*" >>'${folder}/calls'; exec '${program}' "$@"`,
  });
  vi.stubEnv("PATH", programs.path);
  vi.stubEnv("DOCKER_CONFIG", join(folder, "docker"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  programs[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

/** Makes the proxy the registry of the stack to which commands copy, or of the stack `old`. */
async function asStack({ url }: StartedProxy, changed: Record<string, unknown> = {}, stack = ""): Promise<void> {
  const values = {
    containerRegistry: { host: "registry.example.org" },
    variant: { kind: "cluster", tls: { kind: "private-ca" } },
    accounts: [{ name: "jenkins", push: ["**"] }],
    ...changed,
  };
  const config = Object.entries(values).map(([key, value]) => [
    `container-registry:${key}`,
    { value: JSON.stringify(value), secret: false },
  ]);
  const accounts = { jenkins: password("jenkins"), "team-a": password("team-a") };
  const outputs = { registryUrl: url, registryHost: new URL(url).host, imagePrefix: "", registryCa: "", accounts };
  await writeFile(join(folder, stack, "config.json"), JSON.stringify(Object.fromEntries(config)));
  await writeFile(join(folder, stack, "outputs.json"), JSON.stringify(outputs));
}

/** Logs in as `docker login` does. */
async function dockerLogin(url: string, name: string, secret = password(name)): Promise<void> {
  const auth = Buffer.from(`${name}:${secret}`).toString("base64");
  await writeFile(join(folder, "docker/config.json"), JSON.stringify({ auths: { [new URL(url).host]: { auth } } }));
}

async function copy(...argv: string[]): Promise<CopyReport & { exitCode: number; error?: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await said(registry, ["copy", ...argv, "--stack", "dev", "--json"]);
  return { exitCode, stderr, ...JSON.parse(stdout) };
}

/** Pushes an image for two platforms with an SBOM as referrer of the index and of one platform, and a signature of cosign. */
async function pushSigned(to: StartedProxy, repository: string, tag: string) {
  const platforms = ["amd64", "arm64"].map(async (architecture) => {
    const { digest, manifest } = await pushImage(
      to,
      repository,
      `${tag}-${architecture}`,
      layer(tag + architecture),
      jenkins,
    );
    return { mediaType: imageType, digest, size: manifest.length, platform: { os: "linux", architecture } };
  });
  const manifests = await Promise.all(platforms);
  const index = await pushManifest(to, repository, tag, { mediaType: indexType, manifests }, jenkins);
  const [amd64] = manifests;
  const sboms = [await pushSbom(to, repository, index), await pushSbom(to, repository, amd64)];
  const signature = `${index.digest.replace(":", "-")}.sig`;
  await pushImage(to, repository, signature, layer("signature"), jenkins);
  return { index, manifests, sboms, signature };
}

/** Pushes an SBOM of a manifest, and lists it as clients do at a registry without the referrers API. */
async function pushSbom(to: StartedProxy, repository: string, subject: { digest: string } | undefined) {
  const text = Buffer.from(`sbom of ${subject?.digest}`);
  const empty = Buffer.from("{}");
  for (const blob of [text, empty]) await pushBlob(to, repository, blob, jenkins);
  const config = descriptor("application/vnd.oci.empty.v1+json", empty);
  const sbom = { mediaType: imageType, artifactType: sbomType, config, layers: [descriptor(sbomType, text)], subject };
  const pushed = await pushManifest(to, repository, undefined, sbom, jenkins);
  const manifests = [{ ...pushed, artifactType: sbomType }];
  await pushManifest(to, repository, subject?.digest.replace(":", "-"), { mediaType: indexType, manifests }, jenkins);
  return pushed;
}

/** The same text gives the same layer of 200 kB, which takes several packets. */
function layer(text: string): Buffer {
  return Buffer.alloc(200_000, createHash("sha256").update(text).digest());
}

async function digestAt(proxy: StartedProxy, repository: string, reference: string): Promise<unknown> {
  const accept = [imageType, indexType].join(", ");
  const line = `HEAD /v2/${repository}/manifests/${reference}`;
  return (await ask(proxy, line, { ...jenkins, headers: { accept } })).headers["docker-content-digest"];
}

describe("registry copy", () => {
  it("copies platforms, signatures and SBOMs from a slow source that fails, and only what is missing", async () => {
    await using source = await startProxy(atSource);
    await using destination = await startProxy();
    const { index, manifests, sboms, signature } = await pushSigned(source, "shop/app", "v1");
    await pushImage(source, "shop/web", "v1", layer("web"), jenkins);
    await pushImage(source, "other/app", "v1", layer("other"), jenkins);
    await using front = await startFailingFront(source, 10);
    const failures = ["error", "drop", "truncate"] as const;
    front.failure = (number, line) =>
      number % 4 === 0 && line.startsWith("GET") ? failures[(number / 4) % 3] : undefined;
    await asStack(destination);
    await dockerLogin(front.url, "reader");

    const checked = await copy(`${front.url}/shop`, "--to", "moved", "--check");
    expect([checked.exitCode, checked.agreed, checked.differences.length]).toEqual([3, [], 5]);

    const { exitCode, ...report } = await copy(`${front.url}/shop`, "--to", "moved");
    expect([exitCode, report.differences]).toEqual([0, []]);
    expect(report).toMatchObject({ repositories: 2, copied: 5 });
    expect(report.agreed.map(({ repository, tag }) => `${repository}:${tag}`).sort()).toEqual([
      `moved/app:${signature}`,
      "moved/app:v1",
      "moved/app:v1-amd64",
      "moved/app:v1-arm64",
      "moved/web:v1",
    ]);
    for (const { digest } of [index, ...manifests, ...sboms])
      expect(await digestAt(destination, "moved/app", digest)).toBe(digest);
    expect(await digestAt(destination, "moved/app", "v1")).toBe(index.digest);
    expect(await digestAt(destination, "other/app", "v1")).toBeUndefined();

    await pushImage(source, "shop/web", "v2", layer("web 2"), jenkins);
    await writeFile(join(folder, "calls"), "");
    expect(await copy(`${front.url}/shop`, "--to", "moved")).toMatchObject({ exitCode: 0, copied: 1 });
    const calls = (await readFile(join(folder, "calls"), "utf8")).trim().split("\n");
    expect(calls.filter((call) => call.startsWith("image copy"))).toEqual([expect.stringContaining("shop/web:v2")]);
    expect(calls.join()).not.toContain(password("reader"));
  });

  it("copies the signatures and SBOMs of the selected tags alone", async () => {
    await using source = await startProxy(atSource);
    await using destination = await startProxy();
    const { signature } = await pushSigned(source, "shop/app", "v1");
    await pushSigned(source, "shop/app", "v2");
    await asStack(destination);
    vi.stubEnv("REGISTRY_COPY_USERNAME", "reader");
    vi.stubEnv("REGISTRY_COPY_PASSWORD", password("reader"));
    const { exitCode, agreed } = await copy(source.url, "--match", "shop/app:v1");
    expect([exitCode, agreed.map(({ tag }) => tag).sort()]).toEqual([0, [signature, "v1"]]);
  });

  it("copies from another stack, with an account of that stack that may pull", async () => {
    const accounts = [account("jenkins", { push: ["shop/**"] }), account("team-a", { push: ["team-a/**"] })];
    await using source = await startProxy({ requiresAuthForPull: true, accounts });
    await using destination = await startProxy();
    await pushImage(source, "shop/app", "v1", layer("shop"), jenkins);
    await pushImage(source, "team-a/app", "v1", layer("team-a"), { basic: "team-a" });
    await asStack(destination);
    await asStack(source, { accounts: accounts.map(({ name, push }) => ({ name, push })) }, "old");
    expect(await copy("--from-stack", "old")).toMatchObject({ exitCode: 0, copied: 2, repositories: 2 });
    const itself = await copy("--from-stack", "dev");
    expect(itself.error).toContain("is the stack's own registry");
  });

  it("goes on where the source went away", async () => {
    await using source = await startProxy(atSource);
    await using destination = await startProxy();
    await pushImage(source, "app", "v1", layer("v1"), jenkins);
    const v2 = await pushImage(source, "app", "v2", layer("v2"), jenkins);
    await using front = await startFailingFront(source);
    front.failure = (_, line) => (line.includes(v2.layer) ? "drop" : undefined);
    await asStack(destination);
    await dockerLogin(front.url, "reader");
    const failed = await copy(front.url);
    expect(failed).toMatchObject({ exitCode: 1, copied: 1, agreed: [{ tag: "v1" }] });
    expect(failed.differences).toEqual([
      { repository: "app", tag: "v2", problem: expect.stringMatching(/^is missing: ./) },
    ]);
    front.failure = () => undefined;
    expect(await copy(front.url)).toMatchObject({ exitCode: 0, copied: 1, differences: [] });
  });

  it("says which image an immutable tag keeps, and that an account may not push, and shows no password", async () => {
    const accounts = [account("jenkins", { push: ["**"] }), account("team-a", { push: ["team-a/**"] })];
    await using source = await startProxy(atSource);
    await using destination = await startProxy({ accounts, immutableTags: [{ repository: "**", tag: "v*" }] });
    await pushImage(source, "team-a/app", "v1", layer("new"), jenkins);
    await pushImage(source, "team-b/app", "latest", layer("b"), jenkins);
    await pushImage(destination, "team-a/app", "v1", layer("old"), jenkins);
    await asStack(destination, { accounts: [{ name: "team-a", push: ["team-a/**"] }] });

    const anonymous = await copy(source.url);
    expect(anonymous.error).toMatch(/may not list .*; docker login localhost.*--match NAME/);
    await dockerLogin(source.url, "reader", "another-password");
    const wrong = await copy(source.url, "--match", "team-a/app");
    expect(wrong.error).toContain("account reader may not pull from team-a/app");
    expect(wrong.error + wrong.stderr).not.toContain("another-password");

    await dockerLogin(source.url, "reader");
    const denied = await copy(source.url);
    expect(denied.error).toContain("nothing was copied: no account of the stack may push to team-b/app;");
    const immutable = await copy(source.url, "--match", "team-a/**");
    expect(immutable).toMatchObject({ exitCode: 1, copied: 0, agreed: [] });
    expect(immutable.differences).toEqual([
      {
        repository: "team-a/app",
        tag: "v1",
        problem: expect.stringMatching(/^is sha256:.* instead of sha256:.*: .*immutable and names another manifest/),
      },
    ]);
  });
});
