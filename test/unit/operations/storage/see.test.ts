import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ImageList } from "../../../../operations/commands/images/image-list.ts";
import { Inspection } from "../../../../operations/commands/inspect/inspection.ts";
import { diskIn } from "../../../../operations/commands/usage/disk.ts";
import { Usage } from "../../../../operations/commands/usage/usage-report.ts";
import { usageText } from "../../../../operations/commands/usage/usage-text.ts";
import { type DiskRecord, growthOf } from "../../../../operations/health/growth.ts";
import { registry as commands } from "../../../../operations/registry.ts";
import { changed, clusterStack, entriesOf, existingStack, type Stack } from "../../settings/stacks.ts";
import { type FakePrograms, fakePrograms } from "../fake-programs.ts";
import { said } from "../output.ts";
import { FakeRegistry, imageType } from "../registry-api/fake-registry.ts";

let registry: FakeRegistry;
let pulumi: FakePrograms | undefined;

/** A Pulumi CLI that knows one stack, `dev`, whose registry is the fake one. `kubectl`: what its cluster's kubectl does. */
function stackIs(stack: Stack, kubectl?: string): void {
  pulumi?.[Symbol.dispose]();
  const kubernetes = { "kubernetes:kubeconfig": { value: kubeconfig, secret: true } };
  const entries = entriesOf(stack).map(
    ({ key, value, encrypted }) => [`container-registry:${key}`, { value, secret: encrypted }] as const,
  );
  const config = { ...Object.fromEntries(entries), ...(kubectl !== undefined && kubernetes) };
  const host = "registry.example.org";
  const outputs = { registryUrl: registry.url, registryHost: host, imagePrefix: host, registryCa: "", accounts: {} };
  const print = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND`;
  pulumi = fakePrograms({
    ...(kubectl !== undefined && { kubectl }),
    pulumi: `case "$*" in
stack\\ --show-name*) echo dev ;;
config*) ${print(config)}
;;
stack\\ output*) ${print(outputs)}
;;
esac`,
  });
  vi.stubEnv("PATH", pulumi.path);
}

const plainStack = changed(existingStack, { "containerRegistry.pathPrefix": "" });

const kubeconfig = JSON.stringify({
  "current-context": "dev",
  contexts: [{ name: "dev", context: { cluster: "dev", user: "dev" } }],
  clusters: [{ name: "dev", cluster: { server: "https://127.0.0.1:6443" } }],
  users: [{ name: "dev", user: {} }],
});

beforeEach(async () => {
  registry = await FakeRegistry.start();
  stackIs(plainStack);
});
afterEach(() => registry[Symbol.dispose]());
afterAll(() => {
  pulumi?.[Symbol.dispose]();
  vi.unstubAllEnvs();
});

const run = (argv: string) => said(commands, argv.split(/ +/));
const namesIn = (stdout: string) =>
  ImageList.parse(JSON.parse(stdout)).images.map(({ repository, tag }) => `${repository}:${tag}`);

describe("registry images", () => {
  const two = () => {
    const arm = registry.image("team-a/app", undefined, ["base", "arm"], { platform: "linux/arm64" });
    const amd = registry.image("team-a/app", undefined, ["base", "amd64"], { created: "2020-01-02T00:00:00Z" });
    return registry.index("team-a/app", "v2", [{ digest: arm, platform: "linux/arm64" }, { digest: amd }]);
  };

  it("lists tags with digest, size, platforms and date", async () => {
    const digest = two();
    registry.image("tools", "v1", ["layer"], { created: "none" });
    const { exitCode, stdout } = await run("images");
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n").map((line) => line.replace(/sha256:\w{12} {2} *[\d.]+ k?B/, "DIGEST SIZE"));
    expect(lines).toEqual([
      "IMAGE          DIGEST                 SIZE  CREATED     PLATFORMS",
      "team-a/app:v2  DIGEST SIZE  2026-01-02  linux/arm64, linux/amd64",
      "tools:v1       DIGEST SIZE              linux/amd64",
    ]);
    expect(stdout).toContain(digest.slice(0, 19));
  });

  it("counts a layer of several platforms once", async () => {
    two();
    const [image] = ImageList.parse(JSON.parse((await run("images --json")).stdout)).images;
    const { manifests = new Map(), blobs = new Map() } = registry.repositories.get("team-a/app") ?? {};
    const all = [...[...manifests.values()].map(({ text }) => text), ...blobs.values()].join("");
    expect(image?.size).toBe(all.length);
  });

  it("sorts and filters", async () => {
    registry.image("team-a/app", "v1", ["x".repeat(1000)], { created: "2021-01-01T00:00:00Z" });
    registry.image("team-a/app", "v10", ["y"], { created: "2022-01-01T00:00:00Z", platform: "linux/arm64" });
    registry.image("team-a/app", "v9", ["z"], { created: new Date().toISOString() });
    registry.image("team-b/app", "latest", ["y".repeat(2000)], { created: "2020-01-01T00:00:00Z" });
    const listed = async (options: string) => namesIn((await run(`images ${options} --json`)).stdout);
    expect(await listed("")).toEqual(["team-a/app:v1", "team-a/app:v9", "team-a/app:v10", "team-b/app:latest"]);
    expect((await listed("--sort size")).slice(0, 2)).toEqual(["team-b/app:latest", "team-a/app:v1"]);
    expect((await listed("--sort created")).slice(0, 2)).toEqual(["team-a/app:v9", "team-a/app:v10"]);
    expect(await listed("team-a/** --tag v1*")).toEqual(["team-a/app:v1", "team-a/app:v10"]);
    expect(await listed("--platform linux/arm64")).toEqual(["team-a/app:v10"]);
    expect(await listed("registry.example.org/team-a/app --older-than 30d")).toEqual([
      "team-a/app:v1",
      "team-a/app:v10",
    ]);
  });

  it("leaves out tags that only hold signatures, unless --all is given", async () => {
    const digest = registry.image("app", "v1", ["layer"]);
    registry.image("app", `${digest.replace(":", "-")}.sig`, ["signature"]);
    expect(namesIn((await run("images --json")).stdout)).toEqual(["app:v1"]);
    expect(namesIn((await run("images --all --json")).stdout)).toHaveLength(2);
  });

  it("reads a named repository of a registry that lists none", async () => {
    registry.image("app", "v1", ["layer"]);
    registry.instead = ({ request, response }) =>
      request.url?.startsWith("/v2/_catalog") === true && !!response.writeHead(404).end();
    expect(namesIn((await run("images app --json")).stdout)).toEqual(["app:v1"]);
    expect(await run("images")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("name a repository") });
  });

  it("lists what is below the path prefix at a registry that somebody else runs", async () => {
    stackIs(existingStack);
    registry.image("p2c/app", "v1", ["layer"]);
    registry.image("other/app", "v1", ["layer"]);
    expect(namesIn((await run("images --json")).stdout)).toEqual(["p2c/app:v1"]);
  });

  it.each([
    ["images app", 1, "has no repository app; those it has: registry images"],
    ["images App", 2, '"App": is no repository path; lower-case letters and digits'],
    ["images --older-than 3", 2, "--older-than is a number of days, as in 30d"],
  ])("refuses %s", async (argv, exitCode, message) => {
    expect(await run(argv)).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
  });

  it("names the repositories that it may not read, and fails if these are all", async () => {
    registry.image("mine", "v1", ["layer"]);
    registry.image("secret", "v1", ["layer"]);
    registry.instead = ({ request, response }) =>
      request.url?.startsWith("/v2/secret/") === true && !!response.writeHead(403).end();
    const { exitCode, stdout, stderr } = await run("images --json");
    expect([exitCode, namesIn(stdout), stderr]).toEqual([
      0,
      ["mine:v1"],
      expect.stringMatching(/^left out: .* may not pull from secret \(403\)/),
    ]);
    expect(await run("images secret")).toMatchObject({ exitCode: 1, stdout: "" });
  });
});

describe("who pushed an image", () => {
  it("is refused where no access log is kept", async () => {
    const { exitCode, stderr } = await run("images --pushed");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("this stack has none; run this without --pushed")]);
  });
});

describe("registry usage", () => {
  it("tells what repositories have alone from what they share, largest first", async () => {
    registry.image("small", "v1", ["shared", "1"]);
    registry.image("large", "v1", ["shared", "x".repeat(5000)]);
    const { repositories, size, disk } = Usage.parse(JSON.parse((await run("usage --json")).stdout));
    expect(repositories.map(({ name, tags, images }) => [name, tags, images])).toEqual([
      ["large", 1, 1],
      ["small", 1, 1],
    ]);
    const [large, small] = repositories;
    expect(large?.shared).toBe(small?.shared);
    expect(size).toBe((large?.size ?? 0) + (small?.alone ?? 0));
    expect(disk).toBeUndefined();
    const { stdout } = await run("usage");
    expect(stdout).toMatch(/^REPOSITORY {2}TAGS {2}IMAGES +SIZE +ALONE +SHARED\nlarge +1 +1 +5\.\d kB /);
    expect(stdout).toMatch(/\n\n2 repositories, 6\.\d kB together$/);
  });

  it("is printed for an empty registry, too", async () => {
    expect(await run("usage")).toMatchObject({ exitCode: 0, stdout: "0 repositories, 0 B together" });
  });

  it("says what retention would free, apart from what pods run", async () => {
    const retention = [{ repositories: "app", keepTags: ["main"] }];
    for (const [tag, layer] of Object.entries({ main: "main", v1: "x".repeat(2000), v2: "y".repeat(3000) }))
      registry.image("app", tag, [layer]);
    const freed = async () => Usage.parse(JSON.parse((await run("usage --json")).stdout)).retention;
    expect(await freed()).toBeUndefined();
    stackIs(changed(plainStack, { retention }));
    expect(await freed()).toMatchObject({ tags: 2, freedBytes: expect.toSatisfy((bytes) => bytes > 5000) });
    const spec = { containers: [{ image: "registry.example.org/app:v2" }] };
    const pod = { kind: "Pod", metadata: { name: "web", namespace: "apps" }, spec, status: { phase: "Running" } };
    stackIs(changed(plainStack, { retention }), `cat <<'END'\n${JSON.stringify({ items: [pod] })}\nEND`);
    expect(await freed()).toMatchObject({ tags: 1, freedBytes: expect.toSatisfy((bytes) => bytes < 3000) });
    expect((await run("usage")).stdout).toMatch(
      /\nretention: 1 tags would go, and 2\.\d kB with them; which: registry/,
    );
    expect(registry.requests.filter((line) => line.startsWith("DELETE"))).toEqual([]);
    stackIs(changed(plainStack, { retention }), "exit 1");
    const unknown = await run("usage");
    expect(unknown.exitCode).toBe(0);
    expect(unknown.stderr).toContain("what retention would free, is not known: what the pods of context dev run");
    expect(unknown.stdout).not.toContain("retention");
  });

  it("counts what untaggedAfter would free by a look into the storage, and says where it does not", async () => {
    const digest = registry.image("app", undefined, ["x".repeat(2000)]);
    registry.image("app", "v1", ["main"]);
    const retention = [{ repositories: "app", untaggedAfter: 7 }];
    const stored = `echo '0 ./app/_manifests/revisions/sha256/${digest.slice("sha256:".length)}/link'`;
    const kubectl = (exec: string) => `case "$*" in *\\ exec\\ *|exec\\ *) ${exec} ;; *) echo '{"items": []}' ;; esac`;
    const freed = async (argv: string, exec: string) => {
      stackIs(changed(clusterStack, { retention }), kubectl(exec));
      const { stdout, stderr } = await run(argv);
      return { ...Usage.parse(JSON.parse(stdout)).retention, stderr };
    };
    const counted = { tags: 0, untagged: 1, freedBytes: expect.toSatisfy((bytes) => bytes > 2000) };
    expect(await freed("usage --json", stored)).toMatchObject(counted);
    expect((await run("usage")).stdout).toMatch(
      /\nretention: 0 tags and 1 manifests without a tag would go, and 2\.\d kB/,
    );
    expect(await freed("usage --json --no-disk", stored)).toMatchObject({
      ...{ tags: 0, freedBytes: 0 },
      stderr: expect.stringContaining("what untaggedAfter would free, is not counted: --no-disk"),
    });
    expect(await freed("usage --json", "exit 1")).toMatchObject({
      ...{ tags: 0, freedBytes: 0 },
      stderr: expect.stringContaining("what untaggedAfter would free, is not known: context dev: the files"),
    });
  });

  it("reads the disk from df, also with a long name and more used than there is, and the record", () => {
    const text = `Filesystem 1024-blocks Used Available Capacity Mounted on
/dev/mapper/a-very-long-name 1000 900 -5 100% /srv/data
blobs 700
trash 20
record 2026-01-01T00:00:00Z 5000 6000
record garbage
record 2026-01-02T00:00:00Z 5500 5500\n`;
    expect(diskIn(text, "/srv/data/registry")).toEqual({
      ...{ path: "/srv/data/registry", size: 1_024_000, used: 921_600, free: -5120, blobs: 700, trash: 20 },
      records: [
        { at: new Date("2026-01-01T00:00:00Z"), used: 5000 },
        { at: new Date("2026-01-02T00:00:00Z"), used: 5500 },
      ],
    });
  });
});

describe("the growth of a disk", () => {
  const records = (used: Record<number, number>): DiskRecord[] =>
    Object.entries(used).map(([day, bytes]) => ({ at: new Date(Date.UTC(2026, 0, 1 + Number(day))), used: bytes }));

  it.each([
    ["no records", {}, undefined],
    ["records of less than two days", { 0: 100, 1: 200 }, undefined],
    ["two records", { 0: 100, 2: 300 }, { perDay: 100, daysUntilFull: 10 }],
    ["a line with one day off it", { 0: 100, 1: 260, 2: 240, 3: 400 }, { perDay: 88, daysUntilFull: 11 }],
    ["a disk that empties", { 0: 300, 4: 100 }, { perDay: -50 }],
    ["a disk that stays as it is", { 0: 300, 4: 300 }, { perDay: 0 }],
    ["growth before the last 30 days", { 0: 0, 100: 5000, 110: 5100 }, { perDay: 10, daysUntilFull: 100 }],
  ])("is known from %s", (_what, used, growth) => {
    expect(growthOf(records(used), 1000)).toEqual(growth);
  });

  it.each([
    [{}, "days until it is full: unknown: needs two days of records"],
    [{ growthPerDay: -5 }, "it does not grow"],
    [{ growthPerDay: 2_000_000, daysUntilFull: 12 }, "it grows by 2.0 MB a day, and is full in 12 days"],
  ])("with %j is said", (growth, text) => {
    const disk = { path: "/srv", size: 10, used: 4, free: 6, trash: 2, others: 1, untagged: 3, ...growth };
    expect(usageText({ repositories: [], size: 0, disk }).split("\n").slice(1)).toEqual([
      `disk of /srv: 4 B used, 6 B free of 10 B; ${text}`,
      'no images: 1 B on this file system; which, on the host: sudo du -xh "$(findmnt -n -o TARGET -T /srv)" | sort -h | tail',
      "without a tag: 3 B; a collection frees what no manifest references",
      "in the trash: 2 B; now: registry collect --purge-trash",
    ]);
  });
});

describe("registry inspect", () => {
  it("shows platforms, config, layers and a missing child", async () => {
    const arm = registry.image("app", undefined, ["layer"], { platform: "linux/arm64" });
    const missing = `sha256:${"0".repeat(64)}`;
    const digest = registry.index("app", "v1", [{ digest: arm }, { digest: missing, platform: "linux/s390x" }]);
    const shown = Inspection.parse(JSON.parse((await run("inspect app:v1 --json")).stdout));
    expect(shown).toMatchObject({
      ...{ repository: "app", tag: "v1", digest, kind: "index", referrers: [] },
      manifests: [
        { digest: arm, kind: "image", platform: "linux/arm64", config: { os: "linux" }, layers: [{ size: 5 }] },
        { digest: missing, kind: "missing", platform: "linux/s390x" },
      ],
    });
    const { stdout } = await run(`inspect registry.example.org/app@${digest}`);
    expect(stdout).toMatch(new RegExp(`^app@${digest}\n  kind        index, application/vnd.oci.image.index`));
    expect(stdout).toContain(`linux/s390x  ${missing}\n  missing     the registry does not have it`);
  });

  it("finds referrers by the API, by their tag, and by cosign's tags", async () => {
    const digest = registry.image("app", "v1", ["layer"]);
    const refer = (of: string) =>
      registry.image("app", undefined, [`of ${of}`], {
        manifest: { artifactType: "application/spdx+json", subject: { digest: of, mediaType: imageType, size: 1 } },
      });
    const sbom = refer(digest);
    const signature = registry.image("app", `${digest.replace(":", "-")}.sig`, ["signature"]);
    const subjects = async () =>
      Inspection.parse(JSON.parse((await run("inspect app:v1 --json")).stdout)).referrers.map((each) => each.digest);
    expect(await subjects()).toEqual([signature]);
    registry.index("app", digest.replace(":", "-"), [{ digest: sbom }]);
    expect(await subjects()).toEqual([sbom, signature]);
    registry.repositories.get("app")?.tags.delete(digest.replace(":", "-"));
    registry.hasReferrers = true;
    expect(await subjects()).toEqual([sbom, signature]);
    expect((await run("inspect app:v1")).stdout).toMatch(/\nreferrers\n {2}DIGEST .*\n.*application\/spdx\+json/);
  });

  it("names the pods that run the image, by its digest, a platform's, its config's, or by its tag", async () => {
    const arm = registry.image("app", undefined, ["layer"], { platform: "linux/arm64" });
    const digest = registry.index("app", "v1", [{ digest: arm }]);
    const other = `sha256:${"0".repeat(64)}`;
    const pod = (name: string, image: string, imageID = "") => ({
      kind: "Pod",
      metadata: { name, namespace: "apps" },
      spec: { containers: [{ image }] },
      status: { phase: "Running", containerStatuses: [{ imageID }] },
    });
    const host = "registry.example.org";
    const items = [
      pod("web-2", `${host}/app:v1`, `${host}/app@${arm}`),
      pod("web-1", `${host}/app:latest`, `${host}/app@${digest}`),
      pod("older", `${host}/app:v1`, `${host}/app@${other}`),
      pod("unrelated", `${host}/app:v2`, `${host}/app@${other}`),
    ];
    stackIs(plainStack, `cat <<'END'\n${JSON.stringify({ items })}\nEND`);
    const { stdout } = await run("inspect app:v1");
    expect(stdout).toMatch(
      /\n\npods\n {2}pod apps\/older \(asks for its tag\)\n {2}pod apps\/web-1\n {2}pod apps\/web-2$/,
    );
    const { pods } = Inspection.parse(JSON.parse((await run(`inspect app@${digest} --json`)).stdout));
    expect(pods).toEqual(["web-1", "web-2"].map((name) => ({ kind: "pod", namespace: "apps", name, by: "digest" })));
    registry.image("app", "v3", ["another layer"]);
    expect((await run("inspect app:v3")).stdout).toMatch(/\n\nno pod of the stack's cluster runs it$/);
    expect((await run("inspect app:v1 --no-pods")).stdout).not.toContain("pod");
  });

  it("is shown also where the cluster cannot be asked", async () => {
    registry.image("app", "v1", ["layer"]);
    stackIs(plainStack, "echo 'error: no route to host' >&2; exit 1");
    const { exitCode, stdout, stderr } = await run("inspect app:v1 --json");
    expect([exitCode, Inspection.parse(JSON.parse(stdout)).pods]).toEqual([0, undefined]);
    expect(stderr).toContain("what the pods of context dev run is not known: error: no route to host");
  });

  it.each([
    ["inspect app:v9", 1, "has no app:v9; what it has: registry images app"],
    ["inspect App", 2, '"App" names no image; REPOSITORY:TAG, as in team-a/app:1.4'],
  ])("refuses %s", async (argv, exitCode, message) => {
    expect(await run(argv)).toMatchObject({ exitCode, stderr: expect.stringContaining(message) });
  });
});
