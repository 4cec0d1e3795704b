import { beforeAll, describe, expect, it, vi } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { startLab } from "../../../lab/lab.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { request } from "../support/request.ts";

const world = withWorld(async ({ use }) => {
  const { acme } = await startLab();
  const deniedClient = use(await startMachine({ name: "allow-from-denied", kind: "bare" }));
  const friend = use(await startMachine({ name: "allow-from-friend", kind: "bare" }));
  const registry = use(
    await registryStack({
      name: "allow-from",
      variant: {
        allowFrom: [`${friend.address}/32`],
        tls: { kind: "acme", email: "ops@lab.test", directory: acme.directory, directoryCa: acme.directoryCaFile },
      },
    }),
  );
  await registry.stack.up();
  const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
  for (const machine of [friend, deniedClient, registry.machine])
    await trust(machine, registry.host, await acme.root());
  return { friend, deniedClient, registry, jenkins };
});

describe("allowFrom", () => {
  it.each(["https", "http"])("closes the connection of a denied client without an answer, over %s", async (scheme) => {
    const { deniedClient, registry } = world();
    const { status, headers, failure } = await request(deniedClient, `${scheme}://${registry.host}/v2/`);
    expect({ status, headers }).toEqual({ status: 0, headers: "" });
    expect(failure).toMatch(/Empty reply|not closed cleanly|reset by peer/);
  });

  it("serves those it names, by a certificate of an ACME server that it denies", async () => {
    const { friend, registry, jenkins } = world();
    expect(await request(friend, `https://${registry.host}/v2/`, { credentials: jenkins })).toMatchObject({
      status: 200,
    });
  });

  it("serves the host itself, on loopback", async () => {
    const { machine, host } = world().registry;
    const script =
      'curl --silent --fail --resolve "$1:443:127.0.0.1" "https://$1/v2/none/tags/list" --write-out " %{http_code}" || :';
    expect(await machine.run(script, { args: [host] })).toContain("404");
  });

  it("redirects from http to https", async () => {
    const { friend, registry } = world();
    const { status, headers } = await request(friend, `http://${registry.host}/v2/?n=1`);
    expect(status).toBe(301);
    expect(headers).toContain(`Location: https://${registry.host}/v2/?n=1`);
  });
});

describe("the access log", () => {
  it("is JSON, and has the clients' own addresses, the refused ones' too", async () => {
    const { friend, deniedClient, registry } = world();
    const seen = (await accessLog()).map(({ request }) => request.remote_ip);
    expect(seen).toEqual(expect.arrayContaining([friend.address, deniedClient.address, "127.0.0.1"]));
    const [bridge] = (await registry.machine.run("ip -4 -brief address show docker0")).match(/\d+(\.\d+){3}/) ?? [];
    expect(bridge).toBeDefined();
    expect(seen).not.toContain(bridge);
  });

  it("holds no credentials", async () => {
    const { friend, registry, jenkins } = world();
    const { host, machine } = registry;
    const token = await request(friend, `https://${host}/token`, { credentials: jenkins });
    const { token: bearer } = JSON.parse(token.body) as { token: string };
    const upload = `https://${host}/v2/shop/blobs/uploads/`;
    const headers = [`Authorization: Bearer ${bearer}`];
    expect(await request(friend, upload, { method: "POST", headers })).toMatchObject({ status: 202 });

    const log = await machine.run(
      "cat /var/log/container-registry/access.log /var/log/container-registry/anonymous.log",
    );
    const basic = Buffer.from(`${jenkins.name}:${jenkins.password}`).toString("base64");
    expect(log).toContain("/v2/shop/blobs/uploads/");
    expect([jenkins.password, basic, bearer].filter((secret) => log.includes(secret))).toEqual([]);
  });
});

describe("compression", () => {
  beforeAll(async () => {
    // distribution lists each folder as a tag. A thousand tags make the answer long enough to be compressed.
    const tags = "/srv/data/registry/docker/registry/v2/repositories/tagged/_manifests/tags";
    await world().registry.machine.run(`seq --format '${tags}/release-%06g' 1000 | xargs mkdir -p`);
  });

  it.each(["zstd", "gzip"])("by %s, of JSON", async (encoding) => {
    const { friend, registry } = world();
    const { status, headers } = await request(friend, `https://${registry.host}/v2/tagged/tags/list`, {
      headers: [`Accept-Encoding: ${encoding}`],
    });
    expect(status).toBe(200);
    expect(headers.toLowerCase()).toContain(`content-encoding: ${encoding}`);
  });

  it("never of a blob", async () => {
    const { friend, registry } = world();
    const { host } = registry;
    const digest = await pushBlob(`https://${host}/v2/tagged/blobs/uploads/`);
    const { status, headers } = await request(friend, `https://${host}/v2/tagged/blobs/${digest}`, {
      method: "HEAD",
      headers: ["Accept-Encoding: zstd, gzip"],
    });
    expect(status).toBe(200);
    expect(headers.toLowerCase()).toContain("content-length: 100000");
    expect(headers.toLowerCase()).not.toContain("content-encoding");
  });
});

describe("the host's containers", () => {
  it("run read-only, without capabilities but the proxy's one, and with logs that rotate", async () => {
    const { proxy, registry } = await inspected();
    const hardened = {
      readOnly: true,
      drop: ["ALL"],
      security: ["no-new-privileges:true"],
      restart: "unless-stopped",
      log: { Type: "json-file", Config: { "max-file": "5", "max-size": "10m" } },
    };
    expect(registry).toEqual({ ...hardened, add: null });
    expect(proxy).toEqual({ ...hardened, add: [expect.stringMatching(/^(CAP_)?NET_BIND_SERVICE$/)] });
  });

  it.each([
    ["registry", "0000000000000000"],
    ["proxy", "0000000000000400"],
  ])("the %s has the capabilities %s, and can't write outside its mounts", async (service, capabilities) => {
    const { machine } = world().registry;
    const exec = `docker exec container-registry-${service}-1`;
    expect(await machine.run(`${exec} grep CapEff /proc/1/status`)).toContain(capabilities);
    expect((await machine.attempt(`${exec} touch /etc/written`)).output).toContain("Read-only file system");
  });
});

describe("an operator without Pulumi", () => {
  it("may run docker compose up: nothing changes", async () => {
    const before = await started();
    await world().registry.machine.run("cd /etc/container-registry && docker compose up --detach");
    expect(await started()).toBe(before);
  });

  it.each(["container-registry", "docker"])("may restart %s: it serves again", async (unit) => {
    const { friend, registry, jenkins } = world();
    const before = await started();
    await registry.machine.run("systemctl restart $1", { args: [unit] });
    const url = `https://${registry.host}/v2/`;
    await vi.waitUntil(async () => (await request(friend, url, { credentials: jenkins })).status === 200, 120_000);
    expect(await started()).not.toBe(before);
  });
});

type LogEntry = { request: { remote_ip: string } };

async function accessLog(): Promise<LogEntry[]> {
  const text = await world().registry.machine.run(
    "cat /var/log/container-registry/access.log /var/log/container-registry/anonymous.log",
  );
  return text.split("\n").map((line) => JSON.parse(line));
}

/** Pushes a blob of 100,000 zero bytes, which any compression would shrink. */
async function pushBlob(uploads: string): Promise<string> {
  const { friend, jenkins } = world();
  const { headers } = await request(friend, uploads, { method: "POST", credentials: jenkins });
  const location = headers.match(/^location: (.*)$/im)?.[1] ?? "";
  return friend.run(
    `head --bytes 100000 /dev/zero >/root/blob
     digest=sha256:$(sha256sum /root/blob | cut -d ' ' -f 1)
     curl --silent --fail --config - --upload-file /root/blob "$1$2&digest=$digest"
     echo "$digest"`,
    { args: [new URL(uploads).origin, location], input: `user = "${jenkins.name}:${jenkins.password}"\n` },
  );
}

async function inspected() {
  const one = async (service: string) => {
    const inspect = "docker inspect --format '{{json .HostConfig}}' container-registry-$1-1";
    const text = await world().registry.machine.run(inspect, { args: [service] });
    const { ReadonlyRootfs, CapDrop, CapAdd, SecurityOpt, RestartPolicy, LogConfig } = JSON.parse(text);
    return {
      readOnly: ReadonlyRootfs,
      drop: CapDrop,
      add: CapAdd,
      security: SecurityOpt,
      restart: RestartPolicy.Name,
      log: LogConfig,
    };
  };
  return { registry: await one("registry"), proxy: await one("proxy") };
}

/** The ids of all containers, and when each container last started. */
function started(): Promise<string> {
  return world().registry.machine.run(
    "docker inspect --format '{{.Id}} {{.State.StartedAt}}' $(docker ps --all --quiet)",
  );
}
