import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { startLab } from "../../../lab/lab.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { addresses } from "../../../lab/network/network.ts";
import { withWorld } from "../../with-world.ts";
import { handshakeClients, handshakesDuring } from "../support/handshakes.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { registryCommand } from "../support/registry-command.ts";
import { request } from "../support/request.ts";
import { servedCertificate } from "../support/served-certificate.ts";

const host = "acme-host.lab.test";
const closed = "INPUT --protocol tcp --dport 80 --jump REJECT";

const world = withWorld(async ({ use, defer }) => {
  const lab = await startLab();
  // Only new validations are counted: the ACME server also logs those that earlier test runs caused.
  const earlier = await lab.acme.validations(host);
  const validations = async () => (await lab.acme.validations(host)) - earlier;
  const { directory, directoryCaFile: directoryCa } = lab.acme;
  const registry = use(
    await registryStack({
      name: "acme-host",
      machine: { names: [] },
      variant: { tls: { kind: "acme", email: "ops@lab.test", directory, directoryCa } },
    }),
  );
  defer(() => lab.dns.remove(host));
  const root = join(registry.stack.stateDir, "acme-root.pem");
  await writeFile(root, await lab.acme.root());
  return { lab, validations, registry, root };
});

describe("up where the name does not lead to the host's port 80", () => {
  it.each<[string, () => Promise<unknown>, () => string]>([
    [
      "it resolves nowhere",
      async () => undefined,
      () => `${host} does not resolve from this host; create its DNS record, then run pulumi up again`,
    ],
    [
      "it resolves to another machine",
      () => world().lab.dns.add(host, addresses.acme),
      () => unreached(addresses.acme),
    ],
    [
      "a firewall closes port 80",
      async () => {
        const { lab, registry } = world();
        await lab.dns.add(host, registry.machine.address);
        await registry.machine.run(`iptables --insert ${closed}`);
      },
      () => unreached(world().registry.machine.address),
    ],
  ])("stops in time, and nobody asks for a certificate: %s", async (_why, prepare, message) => {
    const { validations, registry } = world();
    await prepare();
    const start = performance.now();
    const { exitCode, output } = await registry.stack.startUp().result;
    expect(performance.now() - start).toBeLessThan(240_000);
    expect(exitCode).not.toBe(0);
    expect(output).toContain(`error: ${message()}\n`);
    expect(await registry.machine.run("docker ps --all --quiet; find /srv -type f")).toBe("");
    expect(await validations()).toBe(0);
  });
});

describe("up where it does", () => {
  const issued = withWorld(async () => {
    const { machine, stack } = world().registry;
    await machine.run(`iptables --delete ${closed}`);
    await stack.up();
    const { serialNumber } = await servedCertificate(machine, host);
    return { serialNumber, stored: await certificateStore() };
  });

  it("serves a certificate that the ACME server issued after it asked port 80", async () => {
    const { lab, validations, registry } = world();
    const { machine } = registry;
    const ping = () => request(machine, `https://${host}/v2/`);
    expect(await ping()).toMatchObject({ status: 0, failure: expect.stringContaining("unable to get local issuer") });
    await trust(machine, host, await lab.acme.root());
    expect(await ping()).toMatchObject({ status: 401, failure: "" });
    expect(await validations()).toBe(1);
  });

  it("leaves registryCa empty: clients trust the ACME server's CA without this stack", async () => {
    expect((await world().registry.stack.outputs()).registryCa).toBe("");
  });

  it("asks for no new certificate after destroy, and after a first up that was rolled back", async () => {
    const { validations, registry } = world();
    const { machine, stack } = registry;
    await stack.destroy();
    expect(await certificateStore()).toBe(issued().stored);

    await machine.run(
      "tar --create --files-from /dev/null | docker import - empty && docker create --name container-registry-proxy-1 empty none",
    );
    const { exitCode, output } = await stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain('The container name "/container-registry-proxy-1" is already in use');
    expect(output).toContain("aborting the first apply: nothing served here before");
    expect(await certificateStore()).toBe(issued().stored);

    await machine.run("docker rm container-registry-proxy-1");
    await stack.up();
    expect((await servedCertificate(machine, host)).serialNumber).toBe(issued().serialNumber);
    expect(await validations()).toBe(1);
  });
});

describe("registry renew", () => {
  it("orders another certificate, and clients get the old one until it is there", async () => {
    const { machine } = world().registry;
    const [config, before] = [await runningConfig(), await serialNumber()];
    const seen = await handshakesDuring(machine.address, host, async () => {
      const { exitCode, output } = await renew().result;
      expect(exitCode, output).toBe(0);
      expect(output).toContain(`https://${host} shows a new certificate, which ends on `);
    });
    expect(seen.serialNumbers).toEqual([before, await serialNumber()]);
    expect(seen.failures.filter((failure) => !failure.includes("ECONNRESET"))).toEqual([]);
    // Linux resets what waits to be accepted where a reload closes the old socket: one connection of a client each time.
    expect(seen.failures.length).toBeLessThanOrEqual(handshakeClients * reloads);
    expect(await serialNumber()).not.toBe(before);
    expect(await runningConfig()).toBe(config);
  });

  it.each([
    ["cannot be asked", `OUTPUT --destination ${addresses.acme} --jump REJECT`, "connect: connection refused"],
    ["cannot ask port 80", closed, "urn:ietf:params:acme:error:"],
  ])("leaves the old one served, and says why: the ACME server %s", async (_what, rule, why) => {
    const { machine } = world().registry;
    const [config, before] = [await runningConfig(), await serialNumber()];
    await machine.run(`iptables --insert ${rule}`);
    const { exitCode, output } = await renew().result;
    await machine.run(`iptables --delete ${rule}`);
    expect([exitCode, output]).toEqual([1, expect.stringContaining("gave no certificate, so the old one stays: ")]);
    expect(output).toContain(why);
    expect([await serialNumber(), await runningConfig()]).toEqual([before, config]);
  });

  it.each([
    ["while it orders", "ordering a certificate"],
    ["while Caddy takes the certificate up", "Caddy takes it up"],
  ])("does the rest on the host where the command is killed %s", async (_when, said) => {
    const [config, before] = [await runningConfig(), await serialNumber()];
    const command = renew();
    await vi.waitUntil(() => command.output().includes(said), { timeout: 60_000 });
    await command.kill();
    await vi.waitUntil(async () => (await serialNumber()) !== before, { timeout: 60_000, interval: 500 });
    await vi.waitUntil(async () => (await runningConfig()) === config, { timeout: 30_000, interval: 500 });
  });

  it("orders at once where Caddy itself would try again only later", async () => {
    const { machine } = world().registry;
    const rule = `OUTPUT --destination ${addresses.acme} --jump REJECT`;
    const before = await serialNumber();
    await machine.run(`iptables --insert ${rule}
      rm -r /srv/data/caddy/caddy/certificates
      docker restart container-registry-proxy-1
      until docker logs --since 60s container-registry-proxy-1 2>&1 | grep -q '"msg":"will retry"'; do sleep 0.2; done
      iptables --delete ${rule}`);
    const { exitCode, output } = await renew().result;
    expect(exitCode, output).toBe(0);
    expect(await serialNumber()).not.toBe(before);
  });
});

/** How often `registry renew` reloads Caddy. */
const reloads = 3;

const serialNumber = async () => (await servedCertificate(world().registry.machine, host)).serialNumber;

/** Starts `registry renew` where the ACME server's CA is trusted, as public CAs are. */
function renew() {
  const { registry, root } = world();
  return registryCommand(registry.stack, ["renew"], "", { ...namesOfTheLab, NODE_EXTRA_CA_CERTS: root });
}

/** A checksum of the configuration that Caddy runs with. */
function runningConfig(): Promise<string> {
  const pid = "docker inspect --format '{{.State.Pid}}' container-registry-proxy-1";
  return world().registry.machine.run(
    `curl --silent --fail --unix-socket /proc/$(${pid})/root/run/caddy/admin.sock http://localhost/config/ | sha256sum`,
  );
}

function unreached(address: string): string {
  return `${host} resolves to ${address}, but http://${host} did not arrive at this host on port 80; correct the DNS record or open port 80, then run pulumi up again`;
}

/** Checksums of the files that Caddy keeps for the ACME account and for the certificates. */
function certificateStore(): Promise<string> {
  return world().registry.machine.run(
    "find /srv/data/caddy/caddy/acme /srv/data/caddy/caddy/certificates -type f | sort | xargs sha256sum",
  );
}
