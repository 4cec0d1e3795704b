import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ClientName, clients, trust } from "../../lab/clients.ts";
import type { PulumiResult } from "../../lab/engine/pulumi-command.ts";
import { type PulumiStack, startStack } from "../../lab/engine/pulumi-stack.ts";
import { type Machine, startMachine } from "../../lab/machine.ts";
import { type RegistryServer, startRegistryServer } from "../../lab/registry-server.ts";
import { testImage } from "../../lab/test-image.ts";

const password = 'not "easy" to \\quote';
const containerRegistry = { pathPrefix: "docker-internal/p2c", requiresAuthForPull: true };

let server: RegistryServer;
let client: Machine;
let stack: PulumiStack;
let up: PulumiResult;
let outputs: Record<string, unknown>;

beforeAll(async () => {
  [server, client] = await Promise.all([
    startRegistryServer({ name: "existing", accounts: { "ci-bot": password } }),
    startMachine({ name: "existing-client", kind: "client" }),
  ]);
  stack = await startStack({
    name: "existing",
    config: {
      containerRegistry: { ...containerRegistry, host: server.host },
      variant: { kind: "existing", tls: { kind: "provided-ca", file: server.caFile } },
    },
    secrets: { registryUsername: "ci-bot", registryPassword: password },
  });
  up = await stack.up();
  outputs = await stack.outputs();
});
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe("up with an organisation's registry", () => {
  it("makes nothing besides the stack itself", () => {
    expect(up.stdout).toMatch(/Resources:\n\s+\+ 1 created\n/);
  });

  it("says where the registry is, whom to trust and who may push", () => {
    expect(outputs).toEqual({
      registryUrl: "https://existing.lab.test",
      registryHost: "existing.lab.test",
      imagePrefix: "existing.lab.test/docker-internal/p2c",
      registryCa: server.ca,
      accounts: { "ci-bot": password },
    });
  });

  it("keeps the password from its output and from the state", async () => {
    expect(up.stdout).toMatch(/^\s+accounts\s*: \[secret\]$/m);
    const quoted = JSON.stringify(password).slice(1, -1);
    for (const text of [up.output, JSON.stringify(await stack.exportState())]) {
      expect(text).toContain("existing.lab.test");
      expect(text).not.toContain(password);
      expect(text).not.toContain(quoted);
    }
  });
});

describe("a client that knows the outputs and nothing else", () => {
  let archive: string;
  beforeAll(async () => {
    await trust(client, String(outputs.registryHost), String(outputs.registryCa));
    archive = await testImage(client);
  });

  it.each(Object.keys(clients) as ClientName[])(
    "%s pushes and pulls, and does neither without an account",
    async (name) => {
      const { push, pull } = clients[name];
      const [account] = Object.entries(Object(outputs.accounts)).map(([name, secret]) => ({
        name,
        password: String(secret),
      }));
      const reference = `${outputs.imagePrefix}/${name}:1`;
      expect(await push(client, archive, reference)).toMatchObject({ ok: false });
      const pushed = await push(client, archive, reference, account);
      expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
      expect(await pull(client, reference)).toMatchObject({ ok: false });
      expect(await pull(client, reference, account)).toEqual(pushed);
    },
  );
});

describe("a stack file that cannot be served", () => {
  it("stops up with one sentence where a key has not landed", async () => {
    await stack.setConfig({ backup: { to: "elsewhere" } });
    const result = await stack.startUp().result;
    await stack.setConfig({ backup: undefined });
    expect(result.exitCode).not.toBe(0);
    expect(errors(result)).toBe(
      "stack existing: not available yet: backup; leave out of Pulumi.existing.yaml what CHANGELOG.md does not list",
    );
  });

  it("is told every problem at once by pulumi preview, without a stack trace and in time", async () => {
    await stack.setConfig({
      containerRegistry: { ...containerRegistry, host: "https://existing.lab.test", pathPrefx: "p2c" },
      variant: { kind: "existing", tls: { kind: "provided-ca", file: "no/such/ca.pem" } },
      accounts: [{ name: "Team A" }],
      mavenRepository: { host: "nexus.example.org" },
    });
    const result = await stack.start(["preview"]).result;
    expect(result.exitCode).not.toBe(0);
    expect(result.seconds).toBeLessThan(30);
    expect(errors(result)).toBe(
      `stack existing: 5 problems in Pulumi.existing.yaml
      mavenRepository: unknown key; did you mean mavenRegistry?
      containerRegistry.host = "https://existing.lab.test": a host name or IPv4 address in lower case with :PORT where it needs one, no scheme, no path, as in registry.example.org:5000
      containerRegistry.pathPrefx: unknown key; did you mean pathPrefix?
      variant.tls.file = "no/such/ca.pem": no such file on this machine; a relative path starts at the project's folder, as in certificates/ca.pem
      accounts[0].name = "Team A": up to 63 of a-z, 0-9 and . _ -, first a letter or digit, as in team-a`,
    );
  });
});

/** All that the command's diagnostics say as errors, to the empty line after them. */
function errors({ stdout }: PulumiResult): string | undefined {
  return stdout.match(/^Diagnostics:\n[\s\S]*?\n {4}error: ([\s\S]*?)\n\n/m)?.[1];
}
