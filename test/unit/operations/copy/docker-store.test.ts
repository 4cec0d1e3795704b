import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dockerLogin } from "../../../../operations/copy/docker-store.ts";
import { stubPrograms } from "../fake-programs.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docker-store-"));
  vi.stubEnv("DOCKER_CONFIG", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const store = (config: unknown) => writeFileSync(join(folder, "config.json"), JSON.stringify(config));
const auth = (text: string) => ({ auth: Buffer.from(text).toString("base64") });
const host = "registry.example.org:5000";
const login = { username: "ci", password: "a:b ü" };

describe("docker's login at a registry", () => {
  it("is undefined without docker's configuration, and without a login there", async () => {
    expect(await dockerLogin(host)).toBeUndefined();
    store({ auths: { "other.example.org": auth("ci:secret"), [host]: {} } });
    expect(await dockerLogin(host)).toBeUndefined();
  });

  it.each([host, `https://${host}`])("is read from the entry %s", async (name) => {
    store({ auths: { [name]: auth("ci:a:b ü") } });
    expect(await dockerLogin(host)).toEqual(login);
  });

  it("is that of index.docker.io for Docker Hub", async () => {
    store({ auths: { "https://index.docker.io/v1/": auth("ci:a:b ü") } });
    expect(await dockerLogin("docker.io")).toEqual(login);
  });

  it("comes from the registry's own helper before the store of all", async () => {
    store({ credsStore: "all", credHelpers: { [host]: "one" }, auths: { [host]: {} } });
    stubPrograms({
      "docker-credential-all": "exit 1",
      "docker-credential-one": `[ "$1 $(cat)" = 'get ${host}' ] && echo '{"Username":"ci","Secret":"a:b ü"}'`,
    });
    expect(await dockerLogin(host)).toEqual(login);
    expect(await dockerLogin("other.example.org")).toBeUndefined();
  });

  it.each([
    [
      "a helper that is not there",
      { credsStore: "absent-here" },
      "docker-credential-absent-here, which is not on PATH",
    ],
    [
      "a token",
      { auths: { [host]: { identitytoken: "secret" } } },
      "is a token, which is not supported; set REGISTRY_",
    ],
    ["another kind of file", { auths: 1 }, "is no configuration of docker"],
  ])("is an error for %s", async (_, config, message) => {
    store(config);
    await expect(dockerLogin(host)).rejects.toThrow(message);
  });
});
