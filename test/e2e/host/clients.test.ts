import { beforeAll, describe, expect, it } from "vitest";
import { type Credentials, clients, type Outcome, trust } from "../../../lab/clients/clients.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import { startLab } from "../../../lab/lab.ts";
import { issueCertificate, newCa } from "../../../lab/services/ca.ts";
import { withWorld } from "../../with-world.ts";
import {
  anonymousPullAuthenticatedPush,
  clientNames,
  credentialsOf,
  type Rejection,
  refused,
  tableAccounts,
} from "../support/client-table.ts";
import { crane } from "../support/crane.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { request } from "../support/request.ts";

const port = 5443;
const otherName = `clients-mirror.lab.test:${port}`;
const accounts = [...tableAccounts, { name: "dana", pull: ["shared/**"] }, { name: "janitor", delete: ["team-a/**"] }];

const world = withWorld(async ({ use }) => {
  const { acme } = await startLab();
  const tls = { kind: "acme", email: "ops@lab.test", directory: acme.directory, directoryCa: acme.directoryCaFile };
  const [registry, client] = await Promise.all([
    registryStack({
      name: "clients",
      machine: { names: ["clients.lab.test", "clients-mirror.lab.test"] },
      accounts,
      variant: { tls, catalogue: "accounts" },
    }),
    startMachine({ name: "clients-client", kind: "client" }),
  ]);
  use(client);
  use(registry);
  await registry.stack.up();
  const passwords = Object((await registry.stack.outputs()).accounts);
  await trust(client, registry.host, await acme.root());
  const archive = await testImage(client);
  return { registry, client, passwords, archive };
});

describe("a registry that anybody may pull from, its certificate by ACME", () => {
  const host = "clients.lab.test";

  anonymousPullAuthenticatedPush(() => ({ ...world(), host }));

  it("tells its tags to anybody", async () => {
    expect(await crane(world().client, ["ls", `${host}/team-a/docker`])).toMatchObject({ ok: true, stdout: "1" });
  });

  it("tells its repositories to any account, and to nobody else", async () => {
    const { client } = world();
    const { ok, stdout } = await crane(client, ["catalog", host], as("janitor"));
    expect(ok).toBe(true);
    expect(stdout.split("\n")).toEqual([...clientNames].sort().map((name) => `team-a/${name}`));
    expect(await crane(client, ["catalog", host])).toMatchObject(refused("crane", "unauthorized"));
  });

  describe("deleting", () => {
    const manifest = async () => {
      const { digest } = pulled(await clients.crane.pull(world().client, `${host}/team-a/crane:1`));
      return {
        byCrane: `${host}/team-a/crane@${digest}`,
        byCurl: `https://${host}/v2/team-a/crane/manifests/${digest}`,
      };
    };

    it.each<[Who, number, Rejection]>([
      ["nobody", 401, "unauthorized"],
      ["jenkins with a wrong password", 401, "unauthorized"],
      ["jenkins", 403, "denied"],
    ])("is refused to %s: %i", async (who, status, rejection) => {
      const { client } = world();
      const { byCrane, byCurl } = await manifest();
      expect(await request(client, byCurl, { method: "DELETE", credentials: as(who) })).toMatchObject({ status });
      expect(await crane(client, ["delete", byCrane], as(who))).toMatchObject(refused("crane", rejection));
    });

    it("is a right of its own, which brings no right to push", async () => {
      const { client, archive } = world();
      const reference = `${host}/team-a/crane:2`;
      expect(await clients.crane.push(client, archive, reference, as("janitor"))).toEqual(refused("crane", "denied"));
    });

    it("takes the image away", async () => {
      const { client } = world();
      const { byCrane, byCurl } = await manifest();
      expect(await crane(client, ["delete", byCrane], as("janitor"))).toMatchObject({ ok: true });
      expect(await request(client, byCurl)).toMatchObject({ status: 404 });
      const curls = `https://${host}/v2/team-a/curl/manifests/`;
      const { digest } = pulled(await clients.curl.pull(client, `${host}/team-a/curl:1`));
      const answer = await request(client, curls + digest, { method: "DELETE", credentials: as("janitor") });
      expect(answer).toMatchObject({ status: 202 });
      expect(await request(client, curls + digest)).toMatchObject({ status: 404 });
    });
  });
});

describe("a registry that only accounts may pull from, at a port and under two names", () => {
  const host = `clients.lab.test:${port}`;

  beforeAll(async () => {
    const { registry, client } = world();
    const { stack, variant } = registry;
    const ca = await newCa("Example Organization");
    const own = await issueCertificate(ca, ["clients.lab.test", "clients-mirror.lab.test"]);
    await stack.setSecret("tlsCertificate", own.certificate);
    await stack.setSecret("tlsKey", own.key);
    await stack.setConfig({
      containerRegistry: { host, account: "jenkins", requiresAuthForPull: true },
      variant: { ...variant, tls: { kind: "provided" }, catalogue: "closed" },
    });
    await stack.up();
    for (const name of [host, otherName]) await trust(client, name, ca.certificate);
  });

  describe.each(clientNames)("%s", (name) => {
    const { push, pull } = clients[name];

    it.each<[Who, string, Who]>([
      ["jenkins", "shared", "dana"],
      ["team-a", "team-a", "team-a"],
    ])("pushes as %s to %s, and pulls the same digest as %s", async (pusher, group, puller) => {
      const { client, archive } = world();
      const reference = `${host}/${group}/${name}-closed:1`;
      const pushed = await push(client, archive, reference, as(pusher));
      expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
      expect(await pull(client, reference, as(puller))).toEqual(pushed);
    });

    it.each<[Who, string, Rejection]>([
      ["nobody", "shared", "unauthorized"],
      ["jenkins with a wrong password", "shared", "unauthorized"],
      ["dana", "team-a", "denied"],
      ["janitor", "team-a", "denied"],
    ])("as %s is refused a pull from %s: %s", async (who, group, rejection) => {
      const outcome = await pull(world().client, `${host}/${group}/${name}-closed:1`, as(who));
      expect(outcome).toEqual(refused(name, rejection));
    });

    it.each<[Who, Rejection]>([
      ["nobody", "unauthorized"],
      ["jenkins with a wrong password", "unauthorized"],
      ["dana", "denied"],
    ])("as %s is refused a push to shared: %s", async (who, rejection) => {
      const { client, archive } = world();
      const reference = `${host}/shared/${name}-refused:1`;
      expect(await push(client, archive, reference, as(who))).toEqual(refused(name, rejection));
      expect((await clients.curl.pull(client, reference, as("jenkins"))).ok).toBe(false);
    });
  });

  it("tells the tags of what an account may pull", async () => {
    const tags = (group: string, who: Who) => crane(world().client, ["ls", `${host}/${group}/docker-closed`], as(who));
    expect(await tags("shared", "dana")).toMatchObject({ ok: true, stdout: "1" });
    expect(await tags("team-a", "dana")).toMatchObject(refused("crane", "denied"));
    expect(await tags("shared", "nobody")).toMatchObject(refused("crane", "unauthorized"));
  });

  it("tells its repositories to nobody where the catalogue is closed", async () => {
    expect(await crane(world().client, ["catalog", host], as("jenkins"))).toMatchObject(refused("crane", "denied"));
  });

  it.each([
    ["shared/mounted", 201, 200],
    ["secret/mounted", 202, 404],
  ])("answers the mount of a blob of %s with %i, and the blob then with %i", async (from, mounted, found) => {
    const { client } = world();
    await clients.crane.push(client, await testImage(client), `${host}/${from}:1`, as("jenkins"));
    const source = await request(client, `https://${host}/v2/${from}/manifests/1`, { credentials: as("jenkins") });
    const digest = JSON.parse(source.body).layers[0].digest;
    const into = `https://${host}/v2/team-a/of-${from}/blobs`;
    const credentials = as("team-a");
    const mount = await request(client, `${into}/uploads/?mount=${digest}&from=${from}`, {
      method: "POST",
      credentials,
    });
    expect(mount).toMatchObject({ status: mounted });
    expect(await request(client, `${into}/${digest}`, { method: "HEAD", credentials })).toMatchObject({
      status: found,
    });
  });

  it("lets an account copy what it may pull to where it may push", async () => {
    const copy = (from: string) =>
      crane(world().client, ["copy", `${host}/${from}:1`, `${host}/team-a/copy/${from}:1`], as("team-a"));
    expect(await copy("shared/mounted")).toMatchObject({ ok: true });
    expect(await copy("secret/mounted")).toMatchObject(refused("crane", "denied"));
  });

  it("sends clients for tokens to the name and port they came by", async () => {
    const { client } = world();
    const { headers } = await request(client, `https://${otherName}/v2/`);
    expect(headers).toContain(`Bearer realm="https://${otherName}/token",service="${otherName}"`);
    const [one, other] = [`${host}/shared/docker-closed:1`, `${otherName}/shared/docker-closed:1`];
    const pulledByOne = await clients.docker.pull(client, one, as("dana"));
    expect(pulledByOne).toMatchObject({ ok: true });
    expect(await clients.docker.pull(client, other, as("dana"))).toEqual(pulledByOne);
  });
});

type Who = "nobody" | "jenkins" | "team-a" | "dana" | "janitor" | "jenkins with a wrong password";

function as(who: Who): Credentials | undefined {
  return credentialsOf(who, world().passwords);
}

function pulled(outcome: Outcome): { digest: string } {
  if (!outcome.ok) throw new Error(outcome.output);
  return outcome;
}
