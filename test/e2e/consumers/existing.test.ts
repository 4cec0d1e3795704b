import { describe, expect, it } from "vitest";
import { type ClientName, clients, trust } from "../../../lab/clients/clients.ts";
import type { PulumiResult } from "../../../lab/engine/pulumi-command.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { startJenkins } from "../../../lab/jenkins/start-jenkins.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { withWorld } from "../../with-world.ts";
import { saysHowItIs } from "../support/existing-health.ts";
import { watchHere } from "../support/process-list.ts";
import { secretsIn } from "../support/secrets-in.ts";

const password = 'not "easy" to \\quote';
const containerRegistry = { pathPrefix: "docker-internal/p2c", requiresAuthForPull: true };

/** Options that let `pulumi` use the lab's DNS server. No other server knows the registry's name. */
const asking = { env: namesOfTheLab };

const world = withWorld(async ({ use }) => {
  const [server, client, node, jenkins] = await Promise.all([
    startRegistryServer({ name: "existing", accounts: { "ci-bot": password } }),
    startMachine({ name: "existing-client", kind: "client" }),
    startMachine({ name: "existing-node" }),
    startJenkins(),
  ]);
  for (const each of [server, jenkins, client, node]) use(each);
  const stack = use(
    await startStack({
      name: "existing",
      config: {
        containerRegistry: { ...containerRegistry, host: server.host },
        variant: { kind: "existing", tls: { kind: "provided-ca", file: server.caFile } },
        jenkins: { url: jenkins.url, user: jenkins.user, caFile: jenkins.caFile },
        nodes: [{ name: "worker", runtime: "docker", connection: node.connection }],
      },
      secrets: {
        ...{ registryUsername: "ci-bot", registryPassword: password, jenkinsToken: jenkins.token },
        sshPrivateKey: node.keys.privateKey,
      },
    }),
  );
  const here = await watchHere();
  const up = await stack.up(asking);
  const processes = await here.stop();
  const outputs = await stack.outputs();
  return { server, client, node, jenkins, stack, up, processes, outputs };
});

describe("up with an organisation's registry", () => {
  it("asks the registry, and gives Jenkins what it took", () => {
    const { up, processes } = world();
    expect(processes).toContain("existing/run.ts");
    expect(up.stdout).not.toContain("could not be asked");
    expect(held()).toBe(password);
  });

  it("asks nothing the second time, nor in a preview", async () => {
    const { server, stack } = world();
    const here = await watchHere();
    await stack.up({ flags: ["--expect-no-changes"] });
    await stack.setConfig({ containerRegistry: { ...containerRegistry, host: server.host, pathPrefix: "other" } });
    const { output } = await stack.preview({ diff: true });
    expect(await here.stop()).not.toContain("existing/run.ts");
    expect(output).toContain("other/container-registry-probe");
    await stack.setConfig({ containerRegistry: { ...containerRegistry, host: server.host } });
  });

  it("says where the registry is, whom to trust and who may push", () => {
    const { server, outputs } = world();
    expect(outputs).toEqual({
      registryUrl: "https://existing.lab.test",
      registryHost: "existing.lab.test",
      imagePrefix: "existing.lab.test/docker-internal/p2c",
      registryCa: server.ca,
      accounts: { "ci-bot": password },
    });
  });

  it("keeps the password from its output and from the state", async () => {
    const { stack, up, processes } = world();
    expect(up.stdout).toMatch(/^\s+accounts\s*: \[secret\]$/m);
    const quoted = JSON.stringify(password).slice(1, -1);
    for (const text of [up.output, JSON.stringify(await stack.exportState())]) {
      expect(text).toContain("existing.lab.test");
      expect(text).not.toContain(password);
      expect(text).not.toContain(quoted);
    }
    expect(secretsIn(processes, { password, quoted })).toEqual([]);
  });
});

// The tests depend on each other: each test continues with the state that the previous test left.
describe("up with credentials that the registry refuses", () => {
  it("says so, and Jenkins and the outputs keep the old ones", async () => {
    const { stack, outputs } = world();
    await stack.setSecret("registryPassword", "mistyped-secret");
    const result = await stack.startUp(asking).result;
    expect(result.exitCode).not.toBe(0);
    expect(result.output).toContain(
      "https://existing.lab.test: the registry refuses registryUsername with registryPassword (401)",
    );
    expect(result.output).not.toContain("mistyped-secret");
    expect(held()).toBe(password);
    expect(await stack.outputs()).toEqual(outputs);
  });

  it("goes on with a warning where this machine cannot reach the registry", async () => {
    // This `up` does not use the lab's DNS server, so that it cannot resolve the registry's name.
    const { output } = await world().stack.up();
    expect(output).toMatch(/warning: https:\/\/existing\.lab\.test could not be asked from this machine/);
    expect(output).not.toContain("mistyped-secret");
    expect(held()).toBe("mistyped-secret");
  });

  it("asks again as the warning says, without a change of the settings", async () => {
    const { stack } = world();
    const { output } = await stack.preview();
    const [, urn = "none"] = /run the check again: pulumi up --replace '(urn:\S+)'/.exec(output) ?? [];
    const result = await stack.startUp({ ...asking, flags: ["--replace", urn] }).result;
    expect(result.output).toContain("refuses registryUsername with registryPassword (401)");
  });

  it("hands on the right ones, and no warning is left", async () => {
    const { stack, outputs } = world();
    await stack.setSecret("registryPassword", password);
    const { output } = await stack.up(asking);
    expect(output).not.toContain("could not be asked");
    expect(held()).toBe(password);
    expect(await stack.outputs()).toEqual(outputs);
  });

  it("names the CA of the registry's certificate where nodes would be given another CA", async () => {
    const { server, jenkins, stack } = world();
    await stack.setConfig({ variant: { kind: "existing", tls: { kind: "provided-ca", file: jenkins.caFile } } });
    const { output, exitCode } = await stack.startUp(asking).result;
    await stack.setConfig({ variant: { kind: "existing", tls: { kind: "provided-ca", file: server.caFile } } });
    expect(exitCode).not.toBe(0);
    expect(output).toContain("shows a certificate issued by CN=Private CA of existing.lab.test");
  });
});

describe("a client that knows the outputs and nothing else", () => {
  const trusting = withWorld(async () => {
    const { client, outputs } = world();
    await trust(client, String(outputs.registryHost), String(outputs.registryCa));
    return { archive: await testImage(client) };
  });

  it.each(Object.keys(clients) as ClientName[])(
    "%s pushes and pulls, and does neither without an account",
    async (name) => {
      const { client, outputs } = world();
      const { push, pull } = clients[name];
      const [account] = Object.entries(Object(outputs.accounts)).map(([name, secret]) => ({
        name,
        password: String(secret),
      }));
      const reference = `${outputs.imagePrefix}/${name}:1`;
      expect(await push(client, trusting().archive, reference)).toMatchObject({ ok: false });
      const pushed = await push(client, trusting().archive, reference, account);
      expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
      expect(await pull(client, reference)).toMatchObject({ ok: false });
      expect(await pull(client, reference, account)).toEqual(pushed);
    },
  );
});

describe("registry status and doctor", () => {
  saysHowItIs(world);
});

describe("a stack file that cannot be served", () => {
  it("is told every problem at once by pulumi preview, without a stack trace and in time", async () => {
    const { stack } = world();
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

/** The password that Jenkins gives to its jobs. */
function held(): unknown {
  const credential = world().jenkins.credential("container-registry");
  return credential && "password" in credential ? credential.password : undefined;
}

/** The text of the error in a command's diagnostics, up to the next empty line. */
function errors({ stdout }: PulumiResult): string | undefined {
  return stdout.match(/^Diagnostics:\n[\s\S]*?\n {4}error: ([\s\S]*?)\n\n/m)?.[1];
}
