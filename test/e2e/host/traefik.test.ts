import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { type Credentials, clients, trust } from "../../../lab/clients/clients.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { traefikImage } from "../../../lab/images/traefik-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { namesOfTheLab } from "../../../lab/network/names-of-the-lab.ts";
import { withWorld } from "../../with-world.ts";
import { clientNames, credentialsOf, type Who } from "../support/client-table.ts";
import { crane } from "../support/crane.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { pushesBaseImages } from "../support/push-images.ts";
import { registryCommand } from "../support/registry-command.ts";
import { request } from "../support/request.ts";
import { servedCertificate } from "../support/served-certificate.ts";

const host = "traefik-host.lab.test";
const pushed = `${host}/p2c/pushed:1`;
const closed = "INPUT ! --in-interface lo --protocol tcp --dport 80 --jump REJECT";
const accounts = [
  { name: "jenkins", push: ["**"], delete: ["**"] },
  { name: "cluster", pull: ["**"] },
];

const world = withWorld(async ({ use }) => {
  const lab = await startLab();
  const { directory, directoryCaFile: directoryCa } = lab.acme;
  const [registry, client] = await Promise.all([
    registryStack({
      name: "traefik-host",
      containerRegistry: { requiresAuthForPull: true },
      accounts,
      variant: { tls: { kind: "acme", email: "ops@lab.test", directory, directoryCa } },
    }),
    startMachine({ name: "traefik-client", kind: "client" }),
  ]);
  use(client);
  use(registry);
  // The stack file's `variant` with the proxy caddy and with the proxy traefik; each with the proxy's image.
  const caddy = registry.variant;
  const { id: reference, archive: file } = await traefikImage();
  const images = { ...Object(caddy.images), proxy: { reference, archive: file } };
  const traefik = { ...caddy, proxy: "traefik", images };

  await registry.stack.up();
  const passwords = Object((await registry.stack.outputs()).accounts);
  for (const each of [registry.machine, client]) await trust(each, host, await lab.acme.root());
  const archive = await testImage(client);
  expect(await clients.docker.push(client, archive, pushed, credentialsOf("jenkins", passwords))).toMatchObject({
    ok: true,
  });
  return { lab, registry, client, caddy, traefik, passwords, archive };
});

describe("up that replaces Caddy by Traefik", () => {
  it("restores Caddy where the name does not lead to this host, and asks the ACME server for nothing", async () => {
    const { lab, registry, traefik } = world();
    const validations = await lab.acme.validations(host);
    await lab.dns.remove(host);
    const output = await failedUp(traefik);
    await lab.dns.add(host, registry.machine.address);
    expect(output).toContain(`error: ${host} does not resolve from this host`);
    expect(output).not.toContain("did not finish");
    expect(await scheme()).toBe("Bearer");
    expect(await lab.acme.validations(host)).toBe(validations);
  });

  it("serves by a certificate that the ACME server issued by TLS-ALPN, port 80 being closed to it", async () => {
    const { registry, client, traefik } = world();
    const { serialNumber } = await servedCertificate(registry.machine, host);
    await registry.machine.run(`iptables --insert ${closed}`);
    await up(traefik);
    await registry.machine.run(`iptables --delete ${closed}`);
    expect(await request(client, `https://${host}/healthz`)).toMatchObject({ status: 200, failure: "" });
    expect((await servedCertificate(registry.machine, host)).serialNumber).not.toBe(serialNumber);
    expect(await scheme()).toBe("Basic");
  });

  it("keeps the images", async () => {
    expect(await clients.docker.pull(world().client, pushed, as("cluster"))).toMatchObject({ ok: true });
  });

  it("changes nothing the second time, and opens no connection", async () => {
    const { registry } = world();
    const before = await registry.machine.sshConnections();
    expect((await registry.stack.up()).output).not.toMatch(/\d (created|updated|replaced|deleted)/);
    expect(await registry.machine.sshConnections()).toBe(before);
  });
});

describe("a registry behind Traefik", () => {
  describe.each(clientNames)("%s", (name) => {
    const { push, pull } = clients[name];

    it("pushes with an account that may, and pulls the same digest as one that may read", async () => {
      const { client, archive } = world();
      const reference = `${host}/p2c/${name}:1`;
      const pushed = await push(client, archive, reference, as("jenkins"));
      expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
      expect(await pull(client, reference, as("cluster"))).toEqual(pushed);
    });

    it.each<Who>(["nobody", "jenkins with a wrong password"])("as %s is refused a pull", async (who) => {
      expect(await pull(world().client, `${host}/p2c/${name}:1`, as(who))).toEqual(unauthorized);
    });

    it.each<Who>(["nobody", "jenkins with a wrong password", "cluster"])("as %s is refused a push", async (who) => {
      const { client, archive } = world();
      const reference = `${host}/p2c/${name}-refused:1`;
      expect(await push(client, archive, reference, as(who))).toEqual(unauthorized);
      expect((await clients.curl.pull(client, reference, as("jenkins"))).ok).toBe(false);
    });
  });

  it("lets an account delete that may, and no other", async () => {
    const { client } = world();
    const digest = await clients.crane.pull(client, `${host}/p2c/crane:1`, as("jenkins"));
    const reference = `${host}/p2c/crane@${digest.ok ? digest.digest : ""}`;
    expect(await crane(client, ["delete", reference], as("cluster"))).toMatchObject({ ok: false });
    expect(await crane(client, ["delete", reference], as("jenkins"))).toMatchObject({ ok: true });
    expect((await clients.crane.pull(client, reference, as("jenkins"))).ok).toBe(false);
  });

  it("leaves who asked for what in Docker's log, and no password", async () => {
    const { registry, passwords } = world();
    const log = await registry.machine.run("docker compose --file /etc/container-registry/compose.yaml logs proxy");
    expect(log).toMatch(/"ClientUsername":"jenkins".*"RequestMethod":"PUT"/);
    for (const password of Object.values(passwords)) expect(log).not.toContain(password);
  });
});

describe("a change of accounts", () => {
  it("works without a restart of Traefik, for old and new", async () => {
    const { registry, passwords } = world();
    const started = await startedAt();
    await registry.stack.setConfig({ accounts: [accounts[0], { name: "dana", pull: ["**"] }] });
    await registry.stack.up();
    world().passwords = { cluster: passwords.cluster, ...Object((await registry.stack.outputs()).accounts) };
    expect([await ping("dana"), await ping("jenkins")]).toEqual([200, 200]);
    expect([await ping("cluster"), await ping("jenkins with a wrong password")]).toEqual([401, 401]);
    expect(await startedAt()).toBe(started);
  });
});

describe("registry revoke", () => {
  it("cuts a password off at once, where two cannot work at a time", async () => {
    const { lab, registry } = world();
    const folder = await mkdtemp(join(tmpdir(), "container-registry-revoke-"));
    const trusting = { ...namesOfTheLab, NODE_EXTRA_CA_CERTS: join(folder, "root.pem") };
    await writeFile(trusting.NODE_EXTRA_CA_CERTS, await lab.acme.root());
    const command = (...args: string[]) => registryCommand(registry.stack, args, "", trusting).result;
    const rotated = await command("rotate", "--account", "dana");
    expect(rotated).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("traefik knows one password a name"),
    });

    const revoked = await command("revoke", "dana");
    expect(revoked.exitCode, revoked.output).toBe(0);
    await rm(folder, { recursive: true });
    expect(await ping("dana")).toBe(401);
    world().passwords = Object((await registry.stack.outputs()).accounts);
    expect([await ping("dana"), await ping("jenkins")]).toEqual([200, 200]);
  });
});

describe("a file of users that somebody has written into", () => {
  it("is put right by the next run, and Traefik reads it", async () => {
    const { registry, traefik } = world();
    const users = "/etc/container-registry/traefik/accounts/read.htpasswd";
    await registry.machine.run(`echo jenkins:nonsense >${users} && docker restart container-registry-proxy-1`);
    await vi.waitUntil(async () => (await ping("jenkins")) === 401, { timeout: 60_000, interval: 200 });
    await up({ ...traefik, generation: "put-right" });
    expect([await ping("jenkins"), await ping("dana")]).toEqual([200, 200]);
    const health = "docker inspect --format '{{.State.Health.Status}}' container-registry-proxy-1";
    await vi.waitUntil(async () => (await registry.machine.run(health)) === "healthy", {
      timeout: 120_000,
      interval: 500,
    });
  });
});

describe("registry push-images", () => {
  pushesBaseImages(() => {
    const { registry, client, passwords } = world();
    return { registry, client, host, pushing: "jenkins", pulling: "dana", passwords };
  });
});

describe("an image that is not Traefik's", () => {
  it("is refused before anything is moved", async () => {
    const { caddy, traefik } = world();
    const started = await startedAt();
    const output = await failedUp({ ...traefik, images: caddy.images });
    expect(output).toContain("Traefik did not start to read its files");
    expect([await startedAt(), await ping("jenkins")]).toEqual([started, 200]);
  });
});

describe("up that replaces Traefik by Caddy", () => {
  it("serves the images, and gives anybody the tokens that Traefik has none of", async () => {
    const { registry, client, caddy } = world();
    await up(caddy);
    expect(await scheme()).toBe("Bearer");
    expect(await clients.docker.pull(client, pushed, as("dana"))).toMatchObject({ ok: true });
    expect(await registry.machine.run("find /etc/container-registry/traefik 2>&1 || :")).toContain("No such file");
  });
});

const unauthorized = { ok: false, output: expect.stringMatching(/401|unauthorized|no basic auth credentials/i) };

function as(who: Who): Credentials | undefined {
  return credentialsOf(who, world().passwords);
}

async function ping(who: Who): Promise<number> {
  return (await request(world().client, `https://${host}/v2/`, { credentials: as(who) })).status;
}

/** The authentication scheme that the proxy asks clients for, as in `Basic` or `Bearer`. */
async function scheme(): Promise<string> {
  const { headers } = await request(world().client, `https://${host}/v2/`);
  return /^www-authenticate: (\w+)/im.exec(headers)?.[1] ?? headers;
}

async function up(variant: Record<string, unknown>): Promise<void> {
  const { registry } = world();
  await registry.stack.setConfig({ variant });
  await registry.stack.up();
}

/** Runs an `up` that must fail, and returns its output. */
async function failedUp(variant: Record<string, unknown>): Promise<string> {
  const { registry } = world();
  await registry.stack.setConfig({ variant });
  const { exitCode, output } = await registry.stack.startUp().result;
  expect(exitCode).not.toBe(0);
  return output;
}

function startedAt(): Promise<string> {
  return world().registry.machine.run("docker inspect --format '{{.State.StartedAt}}' container-registry-proxy-1");
}
