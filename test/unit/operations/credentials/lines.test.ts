import { afterAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { dockerLines } from "../../../../operations/commands/credentials/docker.ts";
import { fluxLines } from "../../../../operations/commands/credentials/flux.ts";
import { githubLines } from "../../../../operations/commands/credentials/github.ts";
import { kubectlLines } from "../../../../operations/commands/credentials/kubectl.ts";
import type { RegistryLogin } from "../../../../operations/commands/credentials/login.ts";
import fc from "../../../properties.ts";
import { fakePrograms } from "../fake-programs.ts";

const programs = fakePrograms({
  docker: "",
  gh: "",
  kubectl: "",
  mkdir: ":",
  sudo: "case $1 in tee) cat >/dev/null ;; esac",
});
afterAll(() => programs[Symbol.dispose]());

const login: RegistryLogin = {
  host: "registry.example.org:5000",
  pathPrefix: "docker-internal",
  username: "ci",
  password: 'it\'s "$HOME" `id` \\n %s ;& Füße 🔑 #',
  ca: "",
  plain: false,
  fluxApiVersion: "image.toolkit.fluxcd.io/v1beta2",
};
const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

/** What shell lines have the programs do. */
const calls = (lines: string[]) => programs.run(lines.join("\n"));

function manifests(lines: string[]) {
  const [{ args, stdin } = { args: [], stdin: "" }] = calls(lines);
  expect(args).toEqual(["apply", "--filename", "-"]);
  return parseAllDocuments(stdin).map((document) => document.toJS());
}

const password = (manifest: unknown, host = login.host) => {
  const { auths } = JSON.parse(Object(manifest).stringData[".dockerconfigjson"]);
  const { auth, ...rest } = auths[host];
  return { ...rest, auth: Buffer.from(auth, "base64").toString() };
};
const known = { username: "ci", password: login.password, auth: `ci:${login.password}` };

/** A workflow's step, out of the comment that it is pasted from. */
function step(lines: string[]) {
  const text = lines.filter((line) => line.startsWith("#   ")).map((line) => line.slice(4));
  return parse(text.join("\n"))[0];
}

describe("docker's lines", () => {
  it("log in by standard input", () => {
    expect(calls(dockerLines(login))).toEqual([
      { program: "docker", args: ["login", "--username", "ci", "--password-stdin", login.host], stdin: login.password },
    ]);
  });

  it("carry any password that an account may have", () => {
    const Passwords = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(Passwords, (password) => {
        const [call] = calls(dockerLines({ ...login, password }));
        expect(call?.stdin).toBe(password);
      }),
      { numRuns: 15 },
    );
  });

  it("stay out of a shell's history where they hold the password", () => {
    for (const line of dockerLines(login)) if (line.includes("Füße")) expect(line).toMatch(/^ /);
    for (const line of githubLines(login)) if (line.includes("Füße")) expect(line).toMatch(/^ /);
  });

  it("bring the registry's own CA, and say what a registry without TLS asks for", () => {
    const lines = dockerLines({ ...login, ca });
    expect(lines.join("\n")).toContain(`cat >/etc/docker/certs.d/${login.host}/ca.crt <<'END'\n${ca}END\n`);
    expect(dockerLines({ ...login, plain: true })[0]).toContain(`"insecure-registries": ["${login.host}"]`);
  });
});

describe("GitHub's lines", () => {
  it("set what the step reads: passwords as secrets, by standard input", () => {
    expect(calls(githubLines(login))).toEqual([
      {
        program: "gh",
        args: ["variable", "set", "CONTAINER_REGISTRY_HOST", "--body", login.host],
        stdin: "",
      },
      {
        program: "gh",
        args: ["variable", "set", "CONTAINER_REGISTRY_PATH_PREFIX", "--body", "docker-internal"],
        stdin: "",
      },
      { program: "gh", args: ["secret", "set", "CONTAINER_REGISTRY_USERNAME"], stdin: "ci" },
      { program: "gh", args: ["secret", "set", "CONTAINER_REGISTRY_PASSWORD"], stdin: login.password },
    ]);
  });

  it("set no empty variable, which GitHub refuses", () => {
    expect(githubLines({ ...login, pathPrefix: "" }).join("\n")).not.toContain("PATH_PREFIX");
  });

  it.each([
    ["a public CA", ""],
    ["one of its own", ca],
  ])("end in a step that logs in: %s", (_what, ca) => {
    const { env, run } = step(githubLines({ ...login, ca }));
    expect(env).toMatchObject({
      CONTAINER_REGISTRY_HOST: expect.stringMatching(/^\$\{\{ vars\.CONTAINER_REGISTRY_HOST \}\}$/),
      REGISTRY_PASS: expect.stringMatching(/^\$\{\{ secrets\.CONTAINER_REGISTRY_PASSWORD \}\}$/),
    });
    expect(run).not.toContain("{{");
    expect("CONTAINER_REGISTRY_CA" in env).toBe(ca !== "");
    const values = { CONTAINER_REGISTRY_CA: ca, CONTAINER_REGISTRY_HOST: login.host, REGISTRY_USER: "ci" };
    const done = programs.run(run, { ...values, REGISTRY_PASS: login.password });
    expect(done).toEqual([
      { program: "docker", args: ["login", "--username", "ci", "--password-stdin", login.host], stdin: login.password },
    ]);
  });
});

describe("kubectl's lines", () => {
  it("make a Secret to pull with, by standard input", () => {
    const [secret] = manifests(kubectlLines({ ...login, namespace: "shop" }));
    expect(secret).toMatchObject({
      kind: "Secret",
      metadata: { name: "registry", namespace: "shop" },
      type: "kubernetes.io/dockerconfigjson",
    });
    expect(password(secret)).toEqual(known);
  });
});

describe("Flux' lines", () => {
  it("make the Secret that its ImageRepository names", () => {
    const lines = fluxLines(login);
    const [secret, ...others] = manifests(lines);
    expect(others).toEqual([]);
    expect(secret.metadata).toEqual({ name: "registry.example.org-5000-login", namespace: "flux-system" });
    expect(password(secret)).toEqual(known);
    const repository = parse(
      lines
        .filter((line) => line.startsWith("#   "))
        .map((line) => line.slice(4))
        .join("\n"),
    );
    expect(repository).toMatchObject({
      kind: "ImageRepository",
      spec: { image: `${login.host}/docker-internal/shop`, secretRef: { name: secret.metadata.name } },
    });
  });

  it("bring the registry's own CA", () => {
    const [, second] = manifests(fluxLines({ ...login, ca }));
    expect(second).toMatchObject({ metadata: { name: "registry.example.org-5000-ca" }, stringData: { "ca.crt": ca } });
  });
});
