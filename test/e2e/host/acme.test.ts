import { describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { startLab } from "../../../lab/lab.ts";
import { addresses } from "../../../lab/network/network.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";
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
  return { lab, validations, registry };
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
    expect(performance.now() - start).toBeLessThan(90_000);
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

function unreached(address: string): string {
  return `${host} resolves to ${address}, but http://${host} did not arrive at this host on port 80; correct the DNS record or open port 80, then run pulumi up again`;
}

/** Checksums of the files that Caddy keeps for the ACME account and for the certificates. */
function certificateStore(): Promise<string> {
  return world().registry.machine.run(
    "find /srv/data/caddy/caddy/acme /srv/data/caddy/caddy/certificates -type f | sort | xargs sha256sum",
  );
}
