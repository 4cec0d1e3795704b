import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { pinnedKubeconfig } from "../../../../hosts/cluster/kubeconfig.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const home = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "kubeconfig");
  vi.stubEnv("HOME", folder);
  vi.stubEnv("KUBECONFIG", "");
  cleanup.defer(() => vi.unstubAllEnvs());
  return folder;
});

function write(path: string, config: object | string): string {
  mkdirSync(join(home(), path, ".."), { recursive: true });
  writeFileSync(join(home(), path), typeof config === "string" ? config : stringify(config));
  return join(home(), path);
}

const cluster = (name: string, fields: object = {}) => ({
  name,
  cluster: { server: `https://${name}:6443`, ...fields },
});
const user = (name: string, fields: object = { token: `token of ${name}` }) => ({ name, user: fields });
const context = (name: string) => ({ name, context: { cluster: name, user: name } });
const config = (...names: string[]) => ({
  "current-context": names[0],
  contexts: names.map(context),
  clusters: names.map((name) => cluster(name)),
  users: names.map((name) => user(name)),
});
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("pinnedKubeconfig", () => {
  it("keeps one context, its cluster and its user, and no other", () => {
    const { context: name, text } = pinnedKubeconfig({ kubeconfig: stringify(config("a", "b")), context: "b" });
    expect(name).toBe("b");
    expect(parse(text)).toEqual({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "b",
      contexts: [context("b")],
      clusters: [cluster("b")],
      users: [user("b")],
    });
  });

  it("takes the current context where none is named", () => {
    expect(pinnedKubeconfig({ kubeconfig: stringify(config("a", "b")) }).context).toBe("a");
  });

  it.each([
    ["its path", () => write("elsewhere", config("a"))],
    ["a path in the home folder", () => write("elsewhere", config("a")).replace(home(), "~")],
    ["its text", () => stringify(config("a"))],
    ["its text in JSON", () => JSON.stringify(config("a"))],
  ])("reads a kubeconfig by %s", (_, given) => {
    expect(pinnedKubeconfig({ kubeconfig: given() }).context).toBe("a");
  });

  it("reads kubectl's own where none is given, and before it all that KUBECONFIG lists", () => {
    write(".kube/config", config("own"));
    expect(pinnedKubeconfig({}).context).toBe("own");
    const first = write("first", { ...config("first"), clusters: [] });
    const second = write("second", { ...config("second"), clusters: [cluster("first"), cluster("second")] });
    vi.stubEnv("KUBECONFIG", `${first}:${join(home(), "missing")}:${second}`);
    expect(parse(pinnedKubeconfig({}).text)).toMatchObject({ clusters: [cluster("first")], users: [user("first")] });
    expect(pinnedKubeconfig({ context: "second" }).context).toBe("second");
  });

  it("holds certificates and keys themselves, and whole paths of what is read anew each time", () => {
    for (const name of ["ca", "certificate", "key"]) write(`pki/${name}.pem`, name);
    const path = write("config", {
      ...config("a"),
      clusters: [cluster("a", { "certificate-authority": "pki/ca.pem" })],
      users: [
        user("a", {
          "client-certificate": "pki/certificate.pem",
          "client-key": "pki/key.pem",
          tokenFile: "pki/token",
          exec: { command: "bin/login", args: ["--cluster", "a"] },
        }),
      ],
    });
    const { clusters, users } = parse(pinnedKubeconfig({ kubeconfig: path }).text);
    expect(clusters).toEqual([cluster("a", { "certificate-authority-data": base64("ca") })]);
    expect(users).toEqual([
      user("a", {
        "client-certificate-data": base64("certificate"),
        "client-key-data": base64("key"),
        tokenFile: join(home(), "pki/token"),
        exec: { command: join(home(), "bin/login"), args: ["--cluster", "a"] },
      }),
    ]);
  });

  it("leaves a plugin on the PATH to the PATH", () => {
    const exec = { command: "aws", args: ["eks", "get-token"] };
    const { text } = pinnedKubeconfig({ kubeconfig: stringify({ ...config("a"), users: [user("a", { exec })] }) });
    expect(parse(text).users).toEqual([user("a", { exec })]);
  });

  const path = () => join(home(), "config");
  it.each([
    ["is not there", () => ({}), () => `kubeconfig ${join(home(), ".kube/config")} is not there`],
    [
      "is neither path nor text",
      () => ({ kubeconfig: path() }),
      () => "the stack's kubernetes:kubeconfig is neither the path of a kubeconfig on this machine nor the text of one",
    ],
    ["is no YAML", () => ({ kubeconfig: write("config", "{ token: secret") }), () => `kubeconfig ${path()} is no YAML`],
    [
      "has not the context",
      () => ({ kubeconfig: write("config", config("a", "b")), context: "c" }),
      () =>
        `kubeconfig ${path()} has no context c, only: a, b; name one of them: pulumi config set kubernetes:context NAME`,
    ],
    [
      "has no current context",
      () => ({ kubeconfig: write("config", { contexts: [] }) }),
      () => `kubeconfig ${path()} has no current context; name one: pulumi config set kubernetes:context NAME`,
    ],
    [
      "has a context of no cluster",
      () => ({ kubeconfig: write("config", { ...config("a"), clusters: [] }) }),
      () => `kubeconfig ${path()}: context a names no cluster with a server`,
    ],
    [
      "names a CA that is not there",
      () => ({
        kubeconfig: stringify({ ...config("a"), clusters: [cluster("a", { "certificate-authority": "/no" })] }),
      }),
      () => "the kubeconfig's certificate-authority /no cannot be read on this machine",
    ],
  ])("says that a kubeconfig %s", (_, choice, message) => {
    const given = choice();
    expect(() => pinnedKubeconfig(given)).toThrow(message());
  });

  it("says nothing of the text of a kubeconfig that it cannot read", () => {
    expect(() => pinnedKubeconfig({ kubeconfig: "users: { token: secret" })).toThrow(
      /^the stack's kubernetes:kubeconfig is no YAML$/,
    );
  });
});
