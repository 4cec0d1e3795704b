import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { clients } from "../../../lab/clients/clients.ts";
import type { PulumiResult } from "../../../lab/engine/pulumi-command.ts";
import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";
import { withWorld } from "../../with-world.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runLines, runSection } from "../support/docs-pages/run-page.ts";
import {
  accounts,
  expectFailureThenSuccess,
  expectServes,
  type Fault,
  mayPush,
  type Serving,
  serving,
  setRepositories,
} from "../support/host/faults.ts";
import { hostFiles } from "../support/host/host-state.ts";
import { loadImage } from "../support/host/registry-host-script.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";

const world = withWorld(async ({ use }) => {
  // A failing `up` on a separate machine. It runs in parallel with the tests, because the failure takes a minute.
  const storage = use(await registryStack({ name: "faults-storage", machine: { kind: "client" }, accounts }));
  const unreadable = await startUnreadable(storage);
  // The small disks make it easy to fill them: the first has room for the settings, the second for the image archives.
  const disks = { "/etc/container-registry": 1, "/var/lib/container-registry": 160 };
  const registry = use(await registryStack({ name: "faults", machine: { kind: "client", disks }, accounts }));
  return { unreadable, registry };
});

describe("a first up fails where port 443 is taken, says by whom, and leaves nothing:", () => {
  it.each([
    {
      holder: "a process",
      // The server writes that file once it listens. The command that started it has returned by then.
      take: "/usr/sbin/sshd -o Port=443 -o PidFile=/run/taker.pid; until [ -s /run/taker.pid ]; do sleep 0.1; done",
      says: /error: port 443 is held by the process sshd \(pid \d+\); stop it, or/,
      free: "kill $(cat /run/taker.pid)",
    },
    {
      holder: "a container",
      take: "docker run --detach --name taker --publish 443:443 $1 caddy respond --listen :443",
      says: /error: port 443 is held by the container taker \(sha256:\w+\); stop it, or/,
      free: "docker rm --force taker",
    },
  ])("$holder", async ({ take, says, free }) => {
    const { machine, stack } = world().registry;
    await machine.run(take, { args: [await loadImage(machine, "proxy")] });
    const foreign = await machine.run("ss --listening --tcp --no-header --numeric --processes");

    const { exitCode, output } = await stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(says);
    expect(await machine.run("ss --listening --tcp --no-header --numeric --processes")).toBe(foreign);
    expect(
      await machine.run("find /etc/container-registry /etc/systemd/system -name '*registry*' -type f; ls /srv"),
    ).toBe("");
    await machine.run(free);
  });
});

const faults: Fault[] = [
  {
    what: "a certificate that the proxy refuses",
    says: /caddy validate .*failed: .*\/etc\/caddy\/tls.*unsupported elliptic curve/s,
    spoil: async () => {
      const { stack, machine, variant, host } = world().registry;
      // The check of the stack file accepts this curve, because OpenSSL supports it. The proxy does not: Go's TLS lacks the
      // curve.
      const created = await machine.run(
        `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -noenc -subj /CN=registry \\
           -addext "subjectAltName=DNS:$1" -days 30 -keyout - 2>/dev/null`,
        { args: [host] },
      );
      const [key = "", certificate = ""] = created.split(/(?=-----BEGIN CERTIFICATE)/);
      await stack.setSecret("tlsKey", key);
      await stack.setSecret("tlsCertificate", certificate);
      await stack.setConfig({ variant: { ...variant, tls: { kind: "provided" } } });
    },
    mend: () => world().registry.stack.setConfig({ variant: world().registry.variant }),
  },
  {
    what: "a full disk under the files",
    says: "error: /etc/container-registry/caddy/Caddyfile: No space left on device; nothing was touched",
    spoil: () => world().registry.machine.attempt("cat /dev/zero >/etc/container-registry/filler"),
    mend: () => world().registry.machine.run("rm /etc/container-registry/filler"),
  },
  {
    what: "a full disk under the state",
    says: /error: \/var\/lib\/container-registry\/registry\/stage\..*: No space left on device; nothing was touched/,
    spoil: () => world().registry.machine.attempt("cat /dev/zero >/var/lib/container-registry/filler"),
    mend: () => world().registry.machine.run("rm /var/lib/container-registry/filler"),
  },
];

describe("up fails in time and says where, the registry serves on, and up without the fault succeeds:", () => {
  const served = withWorld(() => serving(world().registry));

  it.each(faults)("$what", (fault) => expectFailureThenSuccess(served(), fault, `change-${faults.indexOf(fault)}`));

  it("a Docker that cannot be started", async () => {
    const { registry } = world();
    const { machine, stack } = registry;
    await setRepositories(registry, "change-docker");
    await machine.run("systemctl mask --now docker.service docker.socket");
    const { exitCode, output, seconds } = await stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error: systemctl start docker failed: .*masked/);
    expect(seconds).toBeLessThan(120);

    await machine.run("systemctl unmask docker.service docker.socket");
    await stack.up();
    await expectServes(served());
    expect(await mayPush(served(), "change-docker")).toBe(202);
  });

  it("an image of Caddy without a Caddy, after which docs/incidents/failed-upgrade.md goes back", async () => {
    const { stack, variant } = world().registry;
    const page = docsPage("incidents/failed-upgrade.md");
    const images = Object(variant.images);
    await commitStackFile(stack, "before");
    await stack.setConfig({ variant: { ...variant, images: { ...images, proxy: images.registry } } });
    await commitStackFile(stack, "caddy: the next version");
    const { exitCode, output } = await stack.startUp().result;
    expect(exitCode, output).not.toBe(0);

    const { exitCode: found, output: said } = await runFirst(stack, page);
    expect([found, said]).toEqual([0, expect.stringContaining("nothing found")]);
    await expectServes(served());
    const [log = "", ...back] = page.lines("Mend");
    const [, before = ""] = /^(\w+) before$/m.exec(await runLines(stack, page, [log])) ?? [];
    await runLines(stack, page, back, { COMMIT: before });
    await runSection(stack, page, "Over when");
    await expectServes(served());
  });
});

describe("up with a storage that the registry may not read", () => {
  it("fails in time, with the registry's own reason", async () => {
    const { unreadable } = world();
    const { exitCode, output } = await unreadable.failed;
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`https://${unreadable.served.registry.host} does not serve after 60 s`);
    expect(output).toContain("permission denied");
  }, 180_000);

  it("goes back to what served before", async () => {
    const { unreadable } = world();
    expect(await hostFiles(unreadable.served.registry.machine)).toBe(unreadable.files);
    await expectServes(unreadable.served);
    expect(await mayPush(unreadable.served, "change")).toBe(403);
  });

  it("succeeds once the storage is mended", async () => {
    const { unreadable } = world();
    const { machine, stack } = unreadable.served.registry;
    await machine.run("chmod 0755 /srv/other/docker && chown root /srv/other/docker");
    await stack.up();
    expect(await mayPush(unreadable.served, "change")).toBe(202);
    expect((await clients.curl.pull(machine, unreadable.served.image.reference)).ok).toBe(false);
  });
});

/** Commits the stack file in its folder, which becomes a repository of git, as the project's is. */
async function commitStackFile({ stateDir }: PulumiStack, subject: string): Promise<void> {
  const folder = join(stateDir, "settings");
  await writeFile(join(folder, "package.json"), "{}");
  const as = ["-c", "user.name=lab", "-c", "user.email=lab@lab.test"];
  for (const args of [
    ["init", "--quiet"],
    ["add", "."],
    [...as, "commit", "--quiet", "--message", subject],
  ])
    await execa("git", args, { cwd: folder });
}

/** Has the registry serve, and starts the `up` that moves it to a storage that it may not read. */
async function startUnreadable(
  registry: RegistryStack,
): Promise<{ served: Serving; files: string; failed: Promise<PulumiResult> }> {
  const served = await serving(registry);
  const files = await hostFiles(registry.machine);
  await registry.machine.run(
    "mkdir --parents /srv/other/docker && chmod 0700 /srv/other/docker && chown 1000 /srv/other/docker",
  );
  await setRepositories(registry, "change");
  await registry.stack.setConfig({ variant: { ...registry.variant, storagePath: "/srv/other" } });
  return { served, files, failed: registry.stack.startUp().result };
}
