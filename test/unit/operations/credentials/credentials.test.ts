import { beforeEach, describe, expect, it, vi } from "vitest";
import { registry } from "../../../../operations/registry.ts";
import { changed, clusterStack, entriesOf, existingStack, hostStack, type Stack } from "../../settings/stacks.ts";
import { stubPrograms } from "../fake-programs.ts";
import { said } from "../output.ts";

const outputs = {
  registryUrl: "https://registry.example.org",
  registryHost: "registry.example.org",
  imagePrefix: "registry.example.org/p2c",
  registryCa: "",
  accounts: { jenkins: "correct $horse's", dana: "battery staple" },
};

/** A Pulumi CLI that knows one stack, `dev`. */
function stackIs(stack: Stack, known: Record<string, unknown>): void {
  const config = Object.fromEntries(
    entriesOf(stack).map(({ key, value, encrypted }) => [`container-registry:${key}`, { value, secret: encrypted }]),
  );
  const print = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND`;
  stubPrograms({
    pulumi: `case "$*" in
stack\\ --show-name*) echo dev ;;
config\\ --show-secrets\\ --json\\ --stack\\ dev*) ${print(config)}
;;
stack\\ output\\ --json\\ --show-secrets\\ --stack\\ dev*) ${print(known)}
;;
*) echo "no stack named that: $*" >&2; exit 1 ;;
esac`,
  });
}

beforeEach(() => stackIs(hostStack, outputs));

const run = (argv: string) => said(registry, argv.split(" "));

describe("registry credentials", () => {
  it.each(["docker", "github", "kubectl", "flux"])("shows no password for %s unless asked to", async (consumer) => {
    const argv = `credentials --for ${consumer} --account dana`;
    const texts = [await run(argv), await run(`${argv} --json`)].map(({ stdout }) => stdout);
    for (const text of texts) {
      expect(text).toContain("dana");
      expect(text).not.toContain("battery");
      expect(text).not.toContain(Buffer.from("dana:battery staple").toString("base64"));
    }
    const shown = await run(`${argv} --show-secrets`);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain("battery staple");
  });

  it("takes CI's account unless told another", async () => {
    const { stdout } = await run("credentials --for docker --show-secrets");
    expect(stdout).toBe(
      " printf '%s' 'correct $horse'\\''s' | docker login --username jenkins --password-stdin registry.example.org",
    );
  });

  it("gives a Secret the very name that a stack's Flux objects have", async () => {
    const { exitCode, stdout } = await run(
      "credentials --for kubectl --account dana --name registry.example.org-login",
    );
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("name: registry.example.org-login\n")]);
  });

  it("is JSON where asked for", async () => {
    const { stdout } = await run("credentials --for docker --account dana --show-secrets --json --stack dev");
    expect(JSON.parse(stdout)).toMatchObject({
      for: "docker",
      host: "registry.example.org",
      username: "dana",
      password: "battery staple",
    });
  });

  it.each([
    ["--for docker --account nobody", 1, "stack dev has no account nobody; there are jenkins, dana"],
    ["--for docker --account constructor", 1, "stack dev has no account constructor; there are jenkins, dana"],
    ["--for moon", 2, '--for is one of docker, github, kubectl, flux, not "moon"'],
    ["--account dana", 2, "--for is missing: Who is to log in"],
    ["--for kubectl --namespace A", 2, 'no Kubernetes name: "A"'],
    ["--for kubectl --namespace a.b", 2, 'no Kubernetes name: "a.b"'],
    ["--for kubectl --name A", 2, 'no Kubernetes name: "A"'],
    [
      "--for docker --stack other",
      1,
      "pulumi config --show-secrets --json --stack other: no stack named that: config --show-secrets --json --stack other --non-interactive; which there are: pulumi stack ls",
    ],
    ["--for docker --config-file no/Pulumi.dev.yaml", 1, "no/Pulumi.dev.yaml is not there; correct --config-file"],
  ])("refuses %s", async (argv, exitCode, message) => {
    const result = await run(`credentials ${argv}`);
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr.startsWith(`error: ${message}`)).toBe(true);
  });

  it.each([
    ["incorrect passphrase", "PULUMI_CONFIG_PASSPHRASE_FILE names the file with the stack's own"],
    ["no stack selected; please use `pulumi stack select`", "or name one: --stack NAME"],
  ])("says what to do where Pulumi says %s", async (words, nextStep) => {
    stubPrograms({ pulumi: `echo 'error: ${words}' >&2; exit 1` });
    const { exitCode, stderr } = await run("credentials --for docker");
    expect([exitCode, stderr]).toEqual([1, `error: pulumi stack --show-name: error: ${words}; ${nextStep}`]);
  });

  it("says what to do before the first up", async () => {
    stackIs(hostStack, {});
    expect(await run("credentials --for docker")).toMatchObject({
      exitCode: 1,
      stderr: "error: stack dev has given nothing out yet; first: pulumi up --stack dev",
    });
  });

  it("names the day after which they open nothing", async () => {
    const accounts = [
      { name: "jenkins", push: ["**"] },
      { name: "dana", expires: "2027-03-31" },
    ];
    stackIs(changed(hostStack, { accounts }), outputs);
    expect((await run("credentials --for docker --account dana")).stdout).toMatch(
      /^# dana's last day is 2027-03-31, UTC\.\n printf/,
    );
  });

  it("says where Pulumi is to be had", async () => {
    vi.stubEnv("PATH", "/nowhere");
    expect(await run("credentials --for docker")).toMatchObject({
      exitCode: 1,
      stderr: "error: the Pulumi CLI is not on this machine's PATH: https://www.pulumi.com/docs/install/",
    });
  });

  it("takes the only credentials that an existing registry has", async () => {
    stackIs(existingStack, { ...outputs, accounts: { pusher: "correct horse battery" } });
    expect((await run("credentials --for docker")).stdout).toContain("--username pusher");
  });
});

describe("registry export-env", () => {
  it("prints the variables that pipelines load", async () => {
    stackIs(existingStack, outputs);
    expect((await run("export-env --stack dev")).stdout).toBe(`CONTAINER_REGISTRY_HOST=registry.example.org
CONTAINER_REGISTRY_PATH_PREFIX=p2c
CONTAINER_REGISTRY_CREDENTIAL_ID=container-registry
CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PUSH=true
CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PULL=false`);
  });

  it("is JSON where asked for", async () => {
    stackIs(existingStack, outputs);
    expect(JSON.parse((await run("export-env --json")).stdout)).toMatchObject({
      CONTAINER_REGISTRY_PATH_PREFIX: "p2c",
    });
  });

  it("names the address that a load balancer gave the registry", async () => {
    const host = "registry.{address}.nip.io";
    const exposure = { kind: "load-balancer" };
    stackIs(changed(clusterStack, { "containerRegistry.host": host, "variant.exposure": exposure }), outputs);
    expect((await run("export-env")).stdout).toContain("CONTAINER_REGISTRY_HOST=registry.example.org\n");
  });

  it.each([
    ["", "stack dev: 1 problem in Pulumi.dev.yaml"],
    [" --stack dev/of/whom", "stack dev/of/whom: 1 problem in Pulumi.whom.yaml"],
    [" --config-file examples/stacks/host.yaml", "stack dev: 1 problem in examples/stacks/host.yaml"],
  ])("lists what is wrong with the stack, and in which file, with%s", async (options, message) => {
    stackIs(changed(existingStack, { "containerRegistry.host": "https://a.example.org" }), outputs);
    const { exitCode, stderr } = await run(`export-env${options}`);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`error: ${message}\n`)]);
  });
});
