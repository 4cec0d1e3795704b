import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { clients, trust } from "../../../lab/clients/clients.ts";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { nextImage } from "../../../lab/images/next-image.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { testImage } from "../../../lab/images/test-image.ts";
import type { Release } from "../../../lab/releases/last-release.ts";
import { cloneOfRelease, type ReleaseClone } from "../../../lab/releases/release-clone.ts";
import { withWorld } from "../../with-world.ts";
import { longestGapSeconds, type RunningLoad, startLoad } from "../support/background-load.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { containers } from "../support/host/host-state.ts";
import { lostImages, lostLayers, pullImage, pushImage, pushSlowly } from "../support/load-scripts.ts";
import { befell, dressedReady, dressedUnit, nodeFiles } from "../support/nodes/node-files.ts";
import { newerReaders } from "../support/nodes/node-readers.ts";
import { nextVersion, release, releaseName } from "./next-version.ts";
import { identities } from "./recorded.ts";

const name = "release";
const host = `${name}.lab.test`;
const image = `${host}/team/load`;
const caddyfile = "/etc/container-registry/caddy/Caddyfile";

describe.skipIf(release === undefined)(
  `a host and nodes of ${releaseName}, while clients push and pull`,
  { timeout: 1_200_000 },
  () => {
    const world = withWorld(async ({ use }) => {
      if (release === undefined) throw new Error("skipped");
      const [clone, machine, node, client] = await Promise.all([
        installedClone(release),
        startMachine({ name }),
        startMachine({ name: `${name}-node`, kind: "bare", disks }),
        startMachine({ name: `${name}-client`, kind: "client" }),
      ]);
      for (const each of [clone, machine, node, client]) use(each);
      const microk8s = (await newerReaders(node)).find(({ runtime }) => runtime === "microk8s");
      await dressedUnit(node, "k3s");
      await dressedReady(node);
      const untouched = { host: await nodeFiles(machine, "/etc /usr/local"), node: await nodeFiles(node) };

      const images = { registry: await archived("registry"), proxy: await archived("proxy") };
      const variant = {
        kind: "host",
        connection: machine.connection,
        tls: { kind: "private-ca" },
        ui: { kind: "builtin" },
        images,
      };
      const { connection } = node;
      const stack = use(
        await startStack({
          name,
          projectDir: clone.folder,
          settingsDir: clone.folder,
          secrets: { sshPrivateKey: machine.keys.privateKey },
          config: {
            containerRegistry: { host, account: "jenkins" },
            variant,
            accounts: [{ name: "jenkins", push: ["**"], delete: ["**"] }],
            immutableTags: ["**:v*"],
            garbageCollection: { schedule: "Sun 03:00" },
            monitoring: { account: "jenkins" },
            nodes: [
              { name: "k3s", runtime: "k3s", restart: true, connection },
              { name: "microk8s", runtime: "microk8s", connection },
            ],
          },
        }),
      );

      /** Runs the page's line that takes a release, for this one, as somebody does in their clone. */
      const take = async (section: string, tag: string) => {
        const line = docsPage("upgrading.md")
          .lines(section)
          .find((each) => each.startsWith("git checkout "));
        const command = String(line).replace(/\b(NEW|OLD)\b/, tag);
        const env = { ...stack.env, ...unasked, ...fromCache };
        const { all } = await execa("sh", ["-ec", command], { cwd: clone.folder, env, all: true, stdin: "ignore" });
        return { command, said: all };
      };
      await stack.up();

      const { registryCa, accounts } = await stack.outputs();
      await trust(client, host, String(registryCa));
      const credentials = { name: "jenkins", password: String(Object(accounts).jenkins) };
      const pushed = await clients.curl.push(client, await testImage(client), `${image}:first`, credentials);
      expect(pushed).toMatchObject({ ok: true });
      const start = (load: string, reference: string, script: string) =>
        startLoad({ machine: client, name: load, reference, script, credentials });
      const loads = {
        pushes: await start("pushes", `${image}:{n}`, pushImage),
        slowPushes: await start("slow-pushes", `${host}/team/slow:{n}`, pushSlowly),
        pulls: await start("pulls", `${image}:first`, pullImage),
        nodePulls: await startLoad({
          machine: node,
          name: "pulls",
          reference: `${image}:first`,
          script: microk8s?.pull ?? "",
        }),
      };
      const look = async () => ({
        containers: await containers(machine),
        host: withoutMetrics(await nodeFiles(machine, "/etc/container-registry /etc/systemd")),
        node: await nodeFiles(node),
        k3s: await befell(node, "k3s"),
        outputs: await stack.outputs(),
        resources: identities(await stack.exportState()),
      });
      await moreOf(loads);
      return {
        clone,
        machine,
        node,
        client,
        stack,
        variant,
        take,
        loads,
        credentials,
        look,
        untouched,
        old: await look(),
      };
    });

    it("is upgraded by one command, which reloads the proxy, restarts nothing and keeps every resource", async () => {
      const { clone, machine, stack, take, loads, look, old } = world();
      await take("This program", clone.next);
      await moreOf(loads);
      await expectNoFailures(loads);
      const now = await look();
      expect(now).toMatchObject({ containers: old.containers, node: old.node, k3s: old.k3s, outputs: old.outputs });
      expect(now.resources).toEqual(expect.arrayContaining(old.resources));
      expect(await machine.run(`cat ${caddyfile}`)).toContain("lb_try_duration 16s");
      await stack.preview({ expectNoChanges: true });
    });

    it("goes back by one command, to every file that it had", async () => {
      const { clone, stack, take, loads, look, old } = world();
      expect((await take("Back", clone.released)).command).toBe(
        `git checkout ${clone.released} && npm ci && pulumi up`,
      );
      await moreOf(loads);
      await expectNoFailures(loads);
      expect(await look()).toEqual(old);
      await stack.preview({ expectNoChanges: true });
    });

    it("takes a version with other images, which replaces both containers: clients try again, and lose nothing", async () => {
      const { clone, client, stack, variant, loads, credentials, look, old } = world();
      const images = { registry: await archivedNext("registry"), proxy: await archivedNext("proxy") };
      await stack.setConfig({ variant: { ...variant, images } });
      await clone.git("checkout", "--quiet", clone.next);
      await stack.up();
      await moreOf(loads);
      const ids = (all: string) => all.split("\n").map((line) => line.split(" ").slice(0, 2).join(" "));
      for (const id of ids((await look()).containers)) expect(ids(old.containers)).not.toContain(id);
      expect((await stack.outputs()).accounts).toEqual(old.outputs.accounts);
      await stack.preview({ expectNoChanges: true });

      for (const load of Object.values(loads)) await load.stop();
      const { pushes, slowPushes, pulls } = loads;
      const [pushed, uploaded, pulled] = [await pushes.runs(), await slowPushes.runs(), await pulls.runs()];
      const gaps = [pushed, pulled].map(longestGapSeconds);
      process.stderr.write(
        `${pushed.length} pushes, ${uploaded.length} slow ones, ${pulled.length} pulls, gaps ${gaps} s\n`,
      );
      for (const gap of gaps) expect(gap).toBeLessThan(30);
      for (const { failures } of Object.values(loads))
        for (const said of await failures()) expect(said).not.toMatch(wrongAnswer);
      expect(await lostImages(client, pushed, credentials)).toBe("");
      expect(await lostLayers(client, uploaded, credentials)).toBe("");
    });

    it("is removed by the next version's destroy, and the images stay", async () => {
      const { machine, node, stack, untouched } = world();
      await stack.destroy();
      expect(await nodeFiles(machine, "/etc /usr/local")).toBe(untouched.host);
      expect(await nodeFiles(node)).toBe(untouched.node);
      for (const each of [machine, node])
        expect(await each.run("find /var/lib/container-registry -mindepth 1 ! -name lock")).toBe("");
      expect(await machine.run("docker ps --all --quiet")).toBe("");
      expect(
        await machine.run("ls /srv/data/registry/docker/registry/v2/repositories/team/load/_manifests/tags"),
      ).toContain("first");
    });
  },
);

const disks = { "/var/lib/containerd": 64, "/var/snap/microk8s/common": 64 };

/** What a client must not be told while containers are replaced. Instead nobody answers it for a moment. */
const wrongAnswer = /status|UNAUTHORIZED|DENIED|UNKNOWN/;

/** Nobody is there to confirm an update. */
const unasked = { PULUMI_SKIP_CONFIRMATIONS: "true", PULUMI_CONFIG_PASSPHRASE: undefined };

/** A list of files without the one that a timer writes each minute. */
function withoutMetrics(files: string): string {
  return files
    .split("\n")
    .filter((line) => !/\/host\.prom\b/.test(line))
    .join("\n");
}

/** npm asks its registry for nothing that it has already. */
const fromCache = { npm_config_prefer_offline: "true" };

type Loads = Record<"pushes" | "slowPushes" | "pulls" | "nodePulls", RunningLoad>;

/** Waits until every load has gone on. */
async function moreOf(loads: Loads): Promise<void> {
  await Promise.all(Object.values(loads).map((load) => load.more(1)));
}

/**
 * Expects that the reload of the proxy failed no client. There is one exception, for at most one push, as long as the release is
 * 0.2.0: on the way there its Caddyfile lets no request wait, and on the way back its scripts have none wait (docs/decisions/0045).
 * A client that sends a request in the millisecond of the reload gets no answer. Clients repeat pulls then, and crane fails the push.
 */
async function expectNoFailures({ pushes, ...others }: Loads): Promise<void> {
  for (const [load, { failures }] of Object.entries(others)) expect([load, await failures()]).toEqual([load, []]);
  const failed = await pushes.failures();
  expect(failed.filter((said) => !/(EOF|server closed idle connection)$/.test(said))).toEqual([]);
  expect(failed.length).toBeLessThan(2);
}

/** A clone in which the release is checked out, and its packages are installed. */
async function installedClone(release: Release): Promise<ReleaseClone> {
  const clone = await cloneOfRelease(release, nextVersion);
  await execa("npm", ["ci"], { cwd: clone.folder, env: fromCache });
  return clone;
}

async function archived(of: "registry" | "proxy") {
  const { id, archive } = await registryImage(of);
  return { reference: id, archive };
}

async function archivedNext(of: "registry" | "proxy") {
  const { id, archive } = await nextImage(of);
  return { reference: id, archive };
}
