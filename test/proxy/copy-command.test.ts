import { describe, expect, it, vi } from "vitest";
import { pushImage } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { startFailingFront } from "../../lab/proxy/failing-front.ts";
import { account, startProxy } from "../../lab/proxy/start-proxy.ts";
import { withFreshWorld } from "../with-world.ts";
import { copyWorld } from "./support/copy-world.ts";
import { digestAt, layer, pushSigned } from "./support/signed-image.ts";

const jenkins = { basic: "jenkins" };

/** The source's accounts are others than the stack's. */
const atSource = {
  requiresAuthForPull: true,
  accounts: [account("reader", { pull: ["**"] }), account("jenkins", { push: ["**"] })],
};

const world = withFreshWorld((cleanup) => copyWorld(cleanup));

describe("registry copy", () => {
  it("copies platforms, signatures and SBOMs from a slow source that fails, and only what is missing", async () => {
    const { asStack, copy, dockerLogin, regctlCalls } = world();
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
    await regctlCalls();
    expect(await copy(`${front.url}/shop`, "--to", "moved")).toMatchObject({ exitCode: 0, copied: 1 });
    const calls = await regctlCalls();
    expect(calls.filter((call) => call.startsWith("start image copy"))).toEqual([
      expect.stringContaining("shop/web:v2"),
    ]);
    expect(calls.join()).not.toContain(password("reader"));
  });

  it("copies the signatures and SBOMs of the selected tags alone", async () => {
    const { asStack, copy } = world();
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
    const { asStack, copy } = world();
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
    const { asStack, copy, dockerLogin } = world();
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
    const { asStack, copy, dockerLogin } = world();
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
