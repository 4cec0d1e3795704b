import { describe, expect, it } from "vitest";
import { configEntries } from "../../../settings/config-entries.ts";
import {
  changed,
  clusterStack,
  entriesOf,
  existingStack,
  hostStack,
  hybridStack,
  parsed,
  problemsOf,
  traefikImages,
} from "./stacks.ts";

describe("parseStack", () => {
  it.each([
    ["host", hostStack],
    ["cluster", clusterStack],
    ["hybrid", hybridStack],
    ["existing", existingStack],
  ])("accepts a stack of variant %s", (kind, stack) => {
    expect(parsed(stack).settings.variant.kind).toBe(kind);
  });

  it("fills in the host variant's defaults", () => {
    expect(parsed(hostStack).settings.variant).toMatchObject({
      connection: { port: 22, agent: false },
      storagePath: "/srv/data/registry",
      tls: { directory: "https://acme-v02.api.letsencrypt.org/directory" },
      proxy: "caddy",
      allowFrom: [],
      catalogue: "open",
      installDocker: false,
      takeOver: false,
      images: {
        registry: {
          reference:
            "docker.io/library/registry@sha256:849b7d29920d060df8091770ede2279c07924ecd29e2a4c029ee0b5ea2ea542b",
        },
        proxy: {
          reference: "docker.io/library/caddy@sha256:bfbff8b17bbd229b0255dbd33173646339e5afd4b0920f5e0fecbb6ee6d6c4dd",
        },
      },
      memory: { registry: "512m", proxy: "512m" },
      ui: { kind: "none" },
      deleteData: false,
      generation: "",
    });
  });

  it("lists every problem in one error, each with its place, value, rule and way out", () => {
    const stack = changed(hostStack, {
      "variant.proxy": "traefik",
      "variant.images": traefikImages,
      "containerRegistry.account": "jenkin",
      accounts: [{ name: "jenkins", push: ["**"] }, { name: "Team A" }],
      registryPassword: "not a word of it",
    });
    expect(() => parsed(stack)).toThrow(
      [
        "stack dev: 4 problems in Pulumi.dev.yaml",
        '  accounts[1].name = "Team A": up to 63 of a-z, 0-9 and . _ -, first a letter or digit, as in team-a',
        '  variant.proxy = "traefik": cannot serve anonymous pull; use caddy, or set requiresAuthForPull: true',
        '  containerRegistry.account = "jenkin": no such account; there are jenkins, Team A',
        "  registryPassword: is for an existing registry; this one has accounts; remove it: pulumi config rm container-registry:registryPassword",
      ].join("\n"),
    );
  });

  it("says one problem, not 1 problems", () => {
    const stack = changed(hostStack, { "variant.proxy": "traefik", "variant.images": traefikImages });
    expect(() => parsed(stack)).toThrow("stack dev: 1 problem in");
  });

  it.each([
    [{ containerRegistry: undefined }, "containerRegistry: missing: a group of keys: host, pathPrefix, "],
    [{ variant: undefined }, "variant: missing: a group of keys, its kind one of host, cluster, hybrid, existing"],
    [{ "variant.kind": undefined }, "variant.kind: missing: one of host, cluster, hybrid, existing"],
    [{ "variant.kind": "hosts" }, 'variant.kind = "hosts": one of host, cluster, hybrid, existing; did you mean host?'],
    [{ "variant.proxy": "nginx" }, 'variant.proxy = "nginx": one of caddy, traefik'],
    [{ "variant.tls": { kind: "acme" } }, "variant.tls.email: missing: an e-mail address, as in ops@example.org"],
    [{ "containerRegistry.host": undefined }, "containerRegistry.host: missing: a text, in quotes where YAML takes"],
    [{ "variant.generation": 2 }, "variant.generation = 2: a text, in quotes where YAML takes it for something else"],
    [{ "variant.connection.port": "22" }, 'variant.connection.port = "22": a number, without quotes'],
    [{ "variant.takeOver": "yes" }, 'variant.takeOver = "yes": true or false, without quotes'],
    [{ accounts: "jenkins" }, 'accounts = "jenkins": a list, each entry behind a dash'],
    [{ "containerRegistry.account": null }, "containerRegistry.account = null: a text"],
    [{ variant: "host" }, 'variant = "host": a group of keys, its kind one of host'],
  ])("says what is wrong with %j", (changes, line) => {
    expect(problemsOf(changed(hostStack, changes))[0]).toContain(line);
  });

  it.each([
    ["conatinerRegistry", "conatinerRegistry: unknown key; did you mean containerRegistry?"],
    ["registryPasword", "registryPasword: unknown key; did you mean registryPassword?"],
    ["toString", "toString: unknown key; there are containerRegistry, mavenRegistry, variant, "],
    ["__proto__", "__proto__: unknown key; there are containerRegistry, "],
    ["a\nb", '["a\\nb"]: unknown key; there are containerRegistry, '],
  ])("refuses the key %j", (key, line) => {
    expect(problemsOf([...entriesOf(hostStack), { key, value: "", encrypted: false }])).toEqual([
      expect.stringContaining(line),
    ]);
  });

  it("refuses an unknown key at any depth, without its value", () => {
    const stack = changed(hostStack, { "variant.conection": "a", "variant.connection.passphrase": "b" });
    expect(problemsOf(stack)).toEqual([
      "variant.connection.passphrase: unknown key; there are kind, address, port, user, hostKey, agent, jump",
      "variant.conection: unknown key; did you mean connection?",
    ]);
  });

  it("refuses a setting that is encrypted, and says nothing else of it", () => {
    const entries = entriesOf(hostStack).map((entry) => ({ ...entry, encrypted: true }));
    expect(problemsOf(entries)).toEqual(
      ["containerRegistry", "variant", "accounts"].map(
        (key) => `${key}: holds something encrypted; settings are plain text, and secrets keys of their own`,
      ),
    );
  });

  it("refuses a secret in plain text, without its value", () => {
    const entries = entriesOf(hostStack).map((entry) => ({ ...entry, encrypted: false }));
    expect(problemsOf(entries)).toEqual([
      "sshPrivateKey: is in plain text; encrypt it: pulumi config set --secret container-registry:sshPrivateKey",
    ]);
  });

  it("refuses a key of the project's own namespace, where the project has another name", () => {
    const set = [
      { key: "team:accounts", value: "[]", encrypted: false },
      { key: "team:sshPrivateKey", value: "a key", encrypted: true },
      { key: "kubernetes:context", value: "production", encrypted: false },
    ];
    expect(problemsOf([...entriesOf(hostStack), ...configEntries(set)])).toEqual([
      '["team:accounts"]: keys of this program begin with container-registry:, whatever the Pulumi project is called; pulumi config set container-registry:accounts, then: pulumi config rm team:accounts',
      '["team:sshPrivateKey"]: keys of this program begin with container-registry:, whatever the Pulumi project is called; pulumi config set --secret container-registry:sshPrivateKey, then: pulumi config rm team:sshPrivateKey',
    ]);
  });

  it("says what becomes of an answer to pulumi new", () => {
    const answer = { key: "variant.tls.email", value: "ops@example.org", encrypted: false };
    expect(problemsOf([...entriesOf(hostStack), answer])).toEqual([
      expect.stringContaining("for answers of pulumi new: npm run -s registry -- init"),
    ]);
  });

  it("repeats no secret that was pasted into a setting", () => {
    const secret = 'pa"ss: word/with everything';
    const stack = changed(existingStack, {
      registryPassword: secret,
      "containerRegistry.host": secret,
      "containerRegistry.credentialId": `x ${secret}`,
    });
    const text = problemsOf(stack).join("\n");
    expect(text).toContain("containerRegistry.host: a host name");
    expect(text).toContain("containerRegistry.credentialId: letters");
    expect(text).not.toContain("everything");
  });

  it("lists a mapping that calls itself toString as any other mistake", () => {
    const stack = changed(hostStack, { jenkins: { url: { toString: {} }, user: "a" }, jenkinsToken: "token" });
    expect(problemsOf(stack)).toEqual([expect.stringContaining("jenkins.url: ")]);
  });

  it.each([
    ["a private key", { "variant.connection.hostKey": hostStack.sshPrivateKey }, "PRIVATE"],
    ["a password before a host", { containerRegistry: { host: "admin:hunter2@registry.example.org" } }, "hunter2"],
    ["a password in a URL", { jenkins: { url: "https://admin:hunter2@jenkins.example.org", user: "a" } }, "hunter2"],
  ])("does not repeat %s", (_what, changes, secret) => {
    const lines = problemsOf(changed(hostStack, { ...changes, sshPrivateKey: undefined }));
    expect(lines).not.toEqual([]);
    expect(lines.join("\n")).not.toContain(secret);
  });
});
