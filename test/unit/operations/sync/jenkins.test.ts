import { beforeEach, describe, expect, it } from "vitest";
import { startJenkins } from "../../../../lab/jenkins/start-jenkins.ts";
import { registry } from "../../../../operations/registry.ts";
import { withFreshWorld } from "../../../with-world.ts";
import { changed, entriesOf, hostStack } from "../../settings/stacks.ts";
import { stubPrograms } from "../fake-programs.ts";
import { said } from "../output.ts";

const outputs = { registryHost: "registry.example.org", accounts: { jenkins: "pässwörd <&>", dana: "hers" } };
const credentials = [
  { id: "container-registry", kind: "username-password", of: "container" },
  { id: "registry-host", kind: "secret-text", of: "host" },
];

const jenkins = withFreshWorld(() => startJenkins());
beforeEach(() => stackIs({ credentials }));

const owner = "0123456789abcdef";
const inState = [
  { urn: "urn:pulumi:dev::container-registry::random:index/randomId:RandomId::owner", outputs: { hex: owner } },
];

/** A Pulumi CLI that knows one stack, `dev`, with these resources in its state. */
function stackIs(changes: Record<string, unknown>, resources: unknown[] = inState): void {
  const { url, user, caFile, token } = jenkins();
  const login = "via" in changes ? {} : { jenkinsToken: token };
  const stack = changed(hostStack, { jenkins: { url, user, caFile, ...changes }, ...login });
  const config = Object.fromEntries(
    entriesOf(stack).map(({ key, value, encrypted }) => [`container-registry:${key}`, { value, secret: encrypted }]),
  );
  const print = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND`;
  const answers = `stack\\ --show-name*) echo dev ;;\nconfig*) ${print(config)}\n;;\nstack\\ output*) ${print(outputs)}\n;;\nstack\\ export*) ${print({ deployment: { resources } })}\n;;`;
  stubPrograms({ pulumi: `case "$*" in\n${answers}\nesac` });
}

const run = (argv: string) => said(registry, argv.split(" "));
const writes = () =>
  jenkins()
    .requests.filter(({ method }) => method !== "GET")
    .map(({ method }) => method);

describe("registry sync jenkins", () => {
  it("tells what is missing with --check, by exit code 3, and writes nothing", async () => {
    expect(await run("sync jenkins --check")).toEqual({
      exitCode: 3,
      stdout: "to create container-registry: missing\nto create registry-host: missing",
      stderr: "",
    });
    expect(writes()).toEqual([]);
  });

  it("puts right what was deleted, changed and left behind, and then has nothing to do", async () => {
    await run("sync jenkins");
    expect(jenkins().credential("container-registry")).toMatchObject({ username: "jenkins", password: "pässwörd <&>" });
    const { scope, description } = jenkins().credential("container-registry") ?? { scope: "", description: "" };
    jenkins().put({
      id: "container-registry",
      scope,
      description,
      kind: "username-password",
      username: "x",
      password: "x",
    });
    jenkins().remove("registry-host");
    jenkins().put({
      id: "old",
      scope,
      kind: "secret-text",
      secret: "x",
      description: `[container-registry/former ${owner}]`,
    });

    expect((await run("sync jenkins")).stdout).toBe(
      "updated container-registry: another user name\ncreated registry-host: missing\ndeleted old: no longer wanted",
    );
    expect(jenkins().credential("container-registry")).toMatchObject({ username: "jenkins", password: "pässwörd <&>" });
    expect(await run("sync jenkins --check")).toEqual({
      exitCode: 0,
      stdout: "Jenkins has what the stack wants, as far as it tells",
      stderr: "",
    });
  });

  it("writes what seems right as well with --rewrite, for nobody can read a secret", async () => {
    await run("sync jenkins");
    const entry = jenkins().credential("container-registry");
    if (entry?.kind !== "username-password") throw new Error("not made");
    jenkins().put({ ...entry, password: "by hand" });
    expect((await run("sync jenkins")).stdout).toContain("Jenkins has what the stack wants");
    await run("sync jenkins --rewrite");
    expect(jenkins().credential("container-registry")).toMatchObject({ password: "pässwörd <&>" });
  });

  it("is JSON where asked for, and tells no secret", async () => {
    const { stdout } = await run("sync jenkins --check --json");
    expect(JSON.parse(stdout)).toEqual({
      checked: true,
      differences: [
        { action: "create", entry: "container-registry", why: "missing" },
        { action: "create", entry: "registry-host", why: "missing" },
      ],
    });
  });

  it("leaves what somebody else made, and says so", async () => {
    jenkins().put({ id: "registry-host", scope: "GLOBAL", kind: "secret-text", secret: "x", description: "theirs" });
    const { exitCode, stderr } = await run("sync jenkins");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("registry-host is there, and this stack did not make it; take it over with jenkins.adopt");
    expect(writes()).toEqual([]);
  });

  it("asks for an up where the state has no owner id yet", async () => {
    stackIs({ credentials }, []);
    expect((await run("sync jenkins")).stderr).toContain("no owner id in its state yet; first: pulumi up --stack dev");
    expect(writes()).toEqual([]);
  });

  it("leaves the entry of another owner, whatever its stack is called", async () => {
    const theirs = { scope: "GLOBAL", kind: "secret-text", secret: "x" } as const;
    jenkins().put({ ...theirs, id: "registry-host", description: "[container-registry/dev fedcba9876543210]" });
    expect((await run("sync jenkins")).stderr).toContain(
      "registry-host belongs to the stack container-registry/dev (owner fedcba9876543210)",
    );
    expect(writes()).toEqual([]);
  });

  it.each([
    [{ via: "casc" }, "jenkins.via: casc; only via: rest writes to Jenkins itself"],
    [{ url: "http://jenkins.invalid", caFile: undefined }, "there is no host of that name; correct jenkins.url"],
  ])("says why it cannot, with %j", async (changes, message) => {
    stackIs(changes);
    expect(await run("sync jenkins")).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(message),
    });
  });
});
