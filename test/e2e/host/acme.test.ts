import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { type Lab, startLab } from "../../../lab/lab.ts";
import { addresses } from "../../../lab/network/network.ts";
import { type RegistryStack, registryStack } from "../support/host/registry-stack.ts";
import { request } from "../support/request.ts";
import { servedCertificate } from "../support/served-certificate.ts";

const host = "acme-host.lab.test";
const closed = "INPUT --protocol tcp --dport 80 --jump REJECT";

let lab: Lab;
let registry: RegistryStack;
let validations: () => Promise<number>;

beforeAll(async () => {
  lab = await startLab();
  // Only new validations are counted: the ACME server also logs those that earlier test runs caused.
  const earlier = await lab.acme.validations(host);
  validations = async () => (await lab.acme.validations(host)) - earlier;
  const { directory, directoryCaFile: directoryCa } = lab.acme;
  registry = await registryStack({
    name: "acme-host",
    machine: { names: [] },
    variant: { tls: { kind: "acme", email: "ops@lab.test", directory, directoryCa } },
  });
});
afterAll(async () => {
  await lab.dns.remove(host);
  await registry[Symbol.asyncDispose]();
});

describe("up where the name does not lead to the host's port 80", () => {
  it.each<[string, () => Promise<unknown>, () => string]>([
    [
      "it resolves nowhere",
      async () => undefined,
      () => `${host} does not resolve from this host; create its DNS record, then run pulumi up again`,
    ],
    ["it resolves to another machine", () => lab.dns.add(host, addresses.acme), () => unreached(addresses.acme)],
    [
      "a firewall closes port 80",
      async () => {
        await lab.dns.add(host, registry.machine.address);
        await registry.machine.run(`iptables --insert ${closed}`);
      },
      () => unreached(registry.machine.address),
    ],
  ])("stops in time, and nobody asks for a certificate: %s", async (_why, prepare, message) => {
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
  let serial: string;
  let stored: string;

  beforeAll(async () => {
    const { machine, stack } = registry;
    await machine.run(`iptables --delete ${closed}`);
    await stack.up();
    ({ serialNumber: serial } = await servedCertificate(machine, host));
    stored = await certificateStore();
  });

  it("serves a certificate that the ACME server issued after it asked port 80", async () => {
    const { machine } = registry;
    const ping = () => request(machine, `https://${host}/v2/`);
    expect(await ping()).toMatchObject({ status: 0, failure: expect.stringContaining("unable to get local issuer") });
    await trust(machine, host, await lab.acme.root());
    expect(await ping()).toMatchObject({ status: 401, failure: "" });
    expect(await validations()).toBe(1);
  });

  it("leaves registryCa empty: clients trust the ACME server's CA without this stack", async () => {
    expect((await registry.stack.outputs()).registryCa).toBe("");
  });

  it("asks for no new certificate after destroy, and after a first up that was rolled back", async () => {
    const { machine, stack } = registry;
    await stack.destroy();
    expect(await certificateStore()).toBe(stored);

    await machine.run(
      "tar --create --files-from /dev/null | docker import - empty && docker create --name container-registry-proxy-1 empty none",
    );
    const { exitCode, output } = await stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain('The container name "/container-registry-proxy-1" is already in use');
    expect(output).toContain("aborting the first apply: nothing served here before");
    expect(await certificateStore()).toBe(stored);

    await machine.run("docker rm container-registry-proxy-1");
    await stack.up();
    expect((await servedCertificate(machine, host)).serialNumber).toBe(serial);
    expect(await validations()).toBe(1);
  });
});

function unreached(address: string): string {
  return `${host} resolves to ${address}, but http://${host} did not arrive at this host on port 80; correct the DNS record or open port 80, then run pulumi up again`;
}

/** Checksums of the files that Caddy keeps for the ACME account and for the certificates. */
function certificateStore(): Promise<string> {
  return registry.machine.run(
    "find /srv/data/caddy/caddy/acme /srv/data/caddy/caddy/certificates -type f | sort | xargs sha256sum",
  );
}
