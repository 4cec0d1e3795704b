import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostMetricsPath } from "../../../hosts/metrics/metrics-program.ts";
import { notifyProgramPath } from "../../../hosts/notify/notify-program.ts";
import { clients } from "../../../lab/clients/clients.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { withWorld } from "../../with-world.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { watchHere, watchHost } from "../support/process-list.ts";
import { pushedImage } from "../support/pushed-image.ts";
import { keyLine, type Secrets, secretsIn } from "../support/secrets-in.ts";

const jenkins = { name: "jenkins", push: ["**"] };
const dana = { name: "dana", pull: ["**"] };
const danasPassword = "given-by-the-stack-2026";
/** Nobody listens there, so that what fails is logged, too. */
const notifyUrl = "http://127.0.0.1:9/hooks/webhook-of-the-stack-2026";
const backupPassword = "of-the-backups-2026";

const etc = "/etc/container-registry";

const world = withWorld(async ({ use }) => {
  const registry = use(
    await registryStack({
      name: "secrecy",
      machine: { kind: "client", debianMirror: true },
      variant: { installDocker: true },
      accounts: [jenkins, dana],
      secrets: { passwords: JSON.stringify({ dana: danasPassword }), notifyUrl, backupPassword },
    }),
  );
  const { machine, stack } = registry;
  await stack.setConfig({
    backup: { to: { kind: "directory", path: "/mnt/backups" } },
    monitoring: { account: "dana" },
    notify: { kind: "webhook" },
  });

  const [here, there] = [await watchHere(), watchHost(machine)];
  const debug = (await stack.up({ flags: ["--debug", "-v=3", "--logtostderr"] })).output;
  const timers = await runTimers(machine);
  const processes = { here: await here.stop(), there: await there.stop() };

  await stack.setConfig({ accounts: [jenkins, { ...dana, push: ["dana/**"] }] });
  const preview = (await stack.preview({ diff: true })).output;
  const output = { debug, preview, up: (await stack.up({ preview: true })).output };

  // pushedImage uses Basic authentication, and crane then uses a token.
  const { reference } = await pushedImage(registry);
  const credentials = { name: "jenkins", password: await registry.password("jenkins") };
  expect(await clients.crane.push(machine, await testImage(machine), reference, credentials)).toMatchObject({
    ok: true,
  });
  return { registry, processes, output, timers, secrets: await allSecrets(registry) };
});

describe("a secret", () => {
  it("that the host needs is in files for root alone, where this test finds it, encoded or not", async () => {
    const { secrets } = world();
    const text = await onHost(`find ${etc} -type f -perm 0600 -user root -exec cat {} +`);
    const all = { ...secrets.stack, ...secrets.host };
    expect(secretsIn(text, all)).toEqual(Object.keys(secrets.host));
    for (const before of ["", ".", ".."])
      expect(secretsIn(Buffer.from(before + text).toString("base64"), all)).toEqual(Object.keys(secrets.host));
  });

  it.each<[location: string, holds: string, look: () => string | Promise<string>]>([
    ["the state on disk, its backups and the stack file", "dana", () => filesBelow(world().registry.stack.stateDir)],
    ["what up says", "registry-apply", () => world().output.up],
    ["what up says with --debug and -v=3", "registry-apply", () => world().output.debug],
    ["what preview --diff shows", "dana (?:pull|push) dana/", () => world().output.preview],
    // The list has each line once, so `pulumi` and `up` may stand apart where other tests run Pulumi: the stack's name is this up's.
    ["the process list here", "\nsecrecy\n", () => world().processes.here],
    ["the process list of the host", "compose_project=container-registry", () => world().processes.there],
    [
      "what anybody may read on the host",
      "reverse_proxy",
      () =>
        onHost(
          `find ${etc} /var/lib/container-registry* /mnt/backups /var/log/container-registry /srv/data /var/tmp /tmp /etc/systemd/system \\
             -type f -perm -o=r ! -name '*.tar' -exec cat {} +`,
        ),
    ],
    [
      "docker inspect",
      "GOMEMLIMIT",
      () => onHost("docker inspect $(docker ps --all --quiet) $(docker images --quiet)"),
    ],
    [
      "the containers' logs",
      '"level"',
      () => onHost('for id in $(docker ps --all --quiet); do docker logs "$id" 2>&1; done'),
    ],
    [
      "the access log",
      '"user_id":"jenkins"',
      () => onHost("cat /var/log/container-registry/access.log /var/log/container-registry/anonymous.log"),
    ],
    ["the host's journal", "COMMAND=", () => onHost("journalctl --output cat")],
    ["what the timers' services say, a failed message among it", "curl: (7)", () => world().timers],
    ["the metrics of the host", 'task="backup"', () => onHost(`cat ${hostMetricsPath}`)],
  ])("is not in %s", async (_place, holds, look) => {
    const { secrets } = world();
    const text = await look();
    expect(text.includes(holds), `whether ${holds} is there`).toBe(true);
    expect(secretsIn(text, { ...secrets.stack, ...secrets.host })).toEqual([]);
  });
});

/** Runs what the timers run, and returns what it said. The message of notify fails. */
async function runTimers(machine: Machine): Promise<string> {
  await machine.run("systemctl start container-registry-backup.service container-registry-metrics.service");
  const { output } = await machine.attempt(`sh ${notifyProgramPath} --test`);
  return output + (await machine.run("journalctl --output cat --unit 'container-registry-*'"));
}

/** Secrets that only the stack knows, and secrets that the host needs. */
async function allSecrets({ machine, stack }: RegistryStack): Promise<{ stack: Secrets; host: Secrets }> {
  const state = (await stack.exportState({ showSecrets: true })) as State;
  const accounts = await machine.run(`cat ${etc}/caddy/accounts.caddy`);
  const config = await machine.run(`cat ${etc}/registry/config.yml`);
  const key = keyLine(await machine.run(`cat ${etc}/caddy/tls/key.pem`));
  const keys = inState(state, ":PrivateKey", "privateKeyPem").map(keyLine);
  return {
    stack: {
      ...numbered("password", [danasPassword, ...inState(state, ":RandomPassword", "result")]),
      ...numbered(
        "key of the CA",
        keys.filter((line) => line !== key),
      ),
      "key of SSH": keyLine(machine.keys.privateKey),
    },
    host: {
      ...numbered("hash", captured(accounts, /(\$2[aby]\$[^\s"]+)/g)),
      ...numbered("token", captured(accounts, /"Bearer ([^"]+)"/g)),
      ...numbered("secret of uploads", captured(config, /^ +secret: (.+)$/gm)),
      "key of the certificate": key,
      "password of the backups": backupPassword,
      "URL of the webhook": notifyUrl,
    },
  };
}

type State = { deployment: { resources: { type: string; outputs: Record<string, { plaintext: string }> }[] } };

/** The values of a secret output, of all resources of a type. The state, which is JSON, contains secrets as JSON texts. */
function inState({ deployment }: State, type: string, output: string): string[] {
  const resources = deployment.resources.filter((resource) => resource.type.endsWith(type));
  return resources.map(({ outputs }) => JSON.parse(outputs[output]?.plaintext ?? "null"));
}

function numbered(name: string, values: readonly string[]): Secrets {
  expect(values, name).not.toEqual([]);
  return Object.fromEntries(values.map((value, index) => [`${name} ${index + 1}`, value]));
}

function captured(text: string, pattern: RegExp): string[] {
  return [...new Set(Array.from(text.matchAll(pattern), ([, value = ""]) => value))];
}

function onHost(script: string): Promise<string> {
  return world().registry.machine.run(script);
}

async function filesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}
