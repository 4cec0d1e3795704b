import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { podImage } from "../../../lab/cluster/images.ts";
import { removeContainers } from "../../../lab/docker/container.ts";
import { docker, dockerSays, label } from "../../../lab/docker/docker.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { freePort } from "../../../lab/network/free-port.ts";
import { withWorld } from "../../with-world.ts";
import { hybridScript, scriptOwner, tokenOf } from "../support/hybrid/script.ts";

const name = "hybrid-script";
const storage = `${name}-storage`;
const others = `${name}-others`;
const network = `${name}-network`;

/** A stack of the same name in another clone of the repository. */
const another = { id: "fedcba9876543210" };

const world = withWorld(async ({ defer }) => {
  const folder = await mkdtemp(join(tmpdir(), "hybrid-"));
  defer(() => rm(folder, { recursive: true, force: true }));
  await clear();
  defer(clear);
  await docker(["network", "create", "--label", label, network]);
  const port = await freePort();
  const images = { registry: (await registryImage("registry")).id, proxy: (await registryImage("proxy")).id };
  const options = { port, network, storagePath: join(folder, "images") };
  const script = hybridScript({ name, ...options, images, stack: "container-registry/hybrid-script" });
  // An image whose container runs but never answers. Docker does not have the image; it is only in the archive.
  const broken = await brokenImage(folder);
  return { folder, port, images, script, broken };
});

describe("a registry in this machine's Docker", () => {
  it("serves, and is nobody's but this stack's", async () => {
    expect(await world().script.apply()).toBe(summaryOf(name, storage));
    expect(await status("/healthz")).toBe(200);
    expect(await status("/v2/", tokenOf("correct horse"))).toBe(200);
  });

  it("has no right it does not need, and shows no secret", async () => {
    for (const each of [name, storage]) {
      const [container] = JSON.parse(await docker(["container", "inspect", each]));
      expect(container.HostConfig).toMatchObject({
        ReadonlyRootfs: true,
        CapDrop: ["ALL"],
        CapAdd: each === name ? [expect.stringMatching(/^(CAP_)?NET_BIND_SERVICE$/)] : null,
        SecurityOpt: ["no-new-privileges:true"],
        RestartPolicy: { Name: "unless-stopped" },
      });
      expect(container.HostConfig.Memory).toBeGreaterThan(0);
      expect(JSON.stringify(container)).not.toMatch(/\$2[ab]\$|token-of|a secret of uploads/);
    }
    expect(await docker(["port", name, "5000/tcp"])).toBe(`127.0.0.1:${world().port}`);
    expect(await inspected(storage, "{{.HostConfig.NetworkMode}}")).toBe("none");
  });

  it("is left alone by a second run", async () => {
    const before = await identity();
    expect(await world().script.apply()).toBe(summaryOf());
    expect(await identity()).toEqual(before);
  });

  it("takes another password without a restart", async () => {
    const { script } = world();
    const before = await identity();
    expect(await script.apply({ password: "battery staple" })).toBe(summaryOf(name));
    expect(await identity()).toEqual(before);
    expect(await status("/v2/", tokenOf("battery staple"))).toBe(200);
    expect(await status("/v2/", tokenOf("correct horse"))).toBe(401);
    await script.apply();
  });

  it("serves again after either container was restarted alone", async () => {
    for (const each of [name, storage]) {
      await docker(["restart", each]);
      await servesAgain();
    }
  });

  it("is put right where a container was removed", async () => {
    await docker(["rm", "--force", storage]);
    expect(await world().script.apply()).toBe(summaryOf(storage));
  });

  it("keeps the images its invoker's, who need not be root", async () => {
    const { folder, script } = world();
    await script.remove();
    await rm(join(folder, "images"), { recursive: true });
    const home = join(folder, "home");
    await mkdir(home);
    await chown(home, 1234, 1234);
    await chmod(folder, 0o755);
    const socket = await stat("/var/run/docker.sock");
    const as = ["setpriv", "--reuid=1234", "--regid=1234", `--groups=${socket.gid}`, "env", `HOME=${home}`];
    const storagePath = join(home, "images");
    await script.apply({ as, containers: { storagePath } });
    expect(await status("/v2/a/blobs/uploads/", tokenOf("correct horse"), "POST")).toBe(202);
    expect(await inspected(storage, "{{.Config.User}}")).toBe("1234:1234");
    expect((await stat(join(storagePath, "docker"))).uid).toBe(1234);
    expect(await script.apply()).toBe(summaryOf(name, storage));
  });
});

describe("what cannot be", () => {
  it.each([
    ["a network that is not there", { containers: { network: "hybrid-nowhere" } }, "kind create cluster --name dev"],
    [
      "a container of another owner, though the stack has the same name",
      { owner: another },
      `belongs to the stack container-registry/hybrid-script (owner ${scriptOwner}); take another variant.containerName, or destroy that stack; where its state is lost, have this one take over: takeOverFrom: [${scriptOwner}] in the stack file`,
    ],
    [
      "an image that its archive does not hold",
      () => ({
        containers: { images: { ...world().images, registry: `sha256:${"0".repeat(64)}` } },
        archives: { registry: world().broken.archive },
      }),
      "holds no image sha256:000",
    ],
  ] as const)("%s is refused with the next step, and nothing is touched", async (_what, options, says) => {
    const before = await identity();
    const said = await world().script.refuse(typeof options === "function" ? options() : options);
    expect(said).toContain(says);
    expect(await identity()).toEqual(before);
  });

  it("a configuration that Caddy refuses is not put into force", async () => {
    const before = await identity();
    const said = await world().script.refuse({
      edit: (text) => text.replace("persist_config off", "persist_confg off"),
    });
    expect(said).toContain("Caddy refuses the configuration, nothing was touched");
    expect(await identity()).toEqual(before);
    expect(await status("/healthz")).toBe(200);
  });

  it("a container that is not ours is refused with the next step", async () => {
    await docker(["create", "--label", label, "--name", others, (await podImage("pod")).tag]);
    const said = await world().script.refuse({ containers: { name: others } });
    expect(said).toContain(
      `the container ${others} was not created by this program; remove it (docker rm -f ${others}`,
    );
    await removeContainers([others]);
  });

  it("a port that is taken is named with its holder", async () => {
    const { script } = world();
    const taken = await freePort();
    const server = createServer().listen(taken, "127.0.0.1");
    const byProcess = await script.refuse({ containers: { port: taken } });
    await new Promise((resolve) => server.close(resolve));
    expect(byProcess).toContain(`port ${taken} is held by the process `);
    expect(byProcess).toContain(`(pid ${process.pid})`);

    await docker([
      "run",
      "--detach",
      "--label",
      label,
      "--name",
      others,
      "--publish",
      `127.0.0.1:${taken}:80`,
      (await podImage("pod")).tag,
      "sleep",
      "60",
    ]);
    const byContainer = await script.refuse({ containers: { port: taken } });
    await removeContainers([others]);
    expect(byContainer).toContain(`port ${taken} is held by the container ${others}; stop it`);
  });
});

describe("another owner", () => {
  it("removes nothing of the first one's", async () => {
    const before = [await identity(), await left()];
    expect(await world().script.remove({ owner: another })).toBe(summaryOf());
    expect([await identity(), await left()]).toEqual(before);
  });

  it("takes over from the owner that it names, which is refused from then on", async () => {
    const { script } = world();
    await script.apply({ owner: { ...another, takeOverFrom: [scriptOwner] } });
    expect(await status("/v2/", tokenOf("correct horse"))).toBe(200);
    expect(await script.refuse()).toContain(`(owner ${another.id})`);
    expect(await script.apply({ owner: another })).toBe(summaryOf());
    await script.apply({ owner: { takeOverFrom: [another.id] } });
  });
});

it("another name of the same stack › leaves its containers as they are", async () => {
  const before = await identity();
  expect(await world().script.apply({ containers: { stack: "container-registry/renamed" } })).toBe(summaryOf());
  expect(await identity()).toEqual(before);
});

describe("containers from before stacks had ids", () => {
  it("are claimed by a stack of their name whose state knows them, and refused to any other", async () => {
    const { script } = world();
    await script.remove();
    const mark = "container-registry.stack=container-registry/hybrid-script";
    await docker(["create", "--label", label, "--label", mark, "--name", name, (await podImage("pod")).tag]);
    expect(await script.refuse()).toContain(
      `the container ${name} is of the stack container-registry/hybrid-script; remove it (docker rm -f ${name}`,
    );
    await script.apply({ last: summaryOf(name, storage) });
    expect(await status("/healthz")).toBe(200);
    expect(await script.refuse({ owner: another, last: summaryOf(name, storage) })).toContain(`(owner ${scriptOwner})`);
  });
});

describe("another image that does not come to serve", () => {
  const faulty = () => ({
    containers: { images: { ...world().images, registry: world().broken.id } },
    archives: { registry: world().broken.archive },
    edit: (text: string) => text.replace("verify_seconds=30", "verify_seconds=2"),
  });

  it("is loaded, tried and rolled back to the container that served", async () => {
    const before = await ids();
    const said = await world().script.refuse(faulty());
    expect(said).toMatch(/does not serve after 2 s.*\n.*returning to what was before/s);
    expect(await ids()).toEqual(before);
    await servesAgain();
  });

  it("goes with the next run where this one was killed", async () => {
    const { script } = world();
    const before = await ids();
    const running = script.startApply({ ...faulty(), edit: (text) => text });
    const anotherRuns = async () =>
      (await dockerSays(["container", "inspect", `${storage}-previous`])) &&
      (await inspected(storage, "{{.State.Running}}").catch(() => "")) === "true";
    await vi.waitUntil(anotherRuns, { timeout: 60_000 });
    process.kill(-Number(running.pid), "SIGKILL");
    await running;
    expect(await status("/healthz")).not.toBe(200);

    await script.apply();
    expect(await ids()).toEqual(before);
    expect(await status("/healthz")).toBe(200);
    expect(await dockerSays(["container", "inspect", `${storage}-previous`])).toBe(false);
  });

  it("leaves nothing but the images' folder where nothing served before", async () => {
    const { script } = world();
    await script.remove();
    await script.refuse(faulty());
    expect(await left()).toEqual([]);
  });
});

describe("the end", () => {
  it("removes all but the images, which the next one serves", async () => {
    const { folder, script } = world();
    await script.apply();
    await script.remove();
    expect(await left()).toEqual([]);
    expect(await readdir(folder)).toContain("images");
  });
});

/** The status of a request, which is sent with `token` if one is given. 0 means that nothing answered. */
async function status(path: string, token = "", method = "GET"): Promise<number> {
  const headers = new Headers(token === "" ? {} : { authorization: `Bearer ${token}` });
  return fetch(`http://127.0.0.1:${world().port}${path}`, { method, headers }).then(
    (answer) => answer.status,
    () => 0,
  );
}

/** Waits until the registry answers again, which takes a while after its containers were started. */
async function servesAgain(): Promise<void> {
  await vi.waitUntil(async () => (await status("/healthz")) === 200, { timeout: 60_000 });
}

function summaryOf(...changed: string[]): string {
  return JSON.stringify({ changed, removed: [] });
}

function inspected(container: string, format: string): Promise<string> {
  return docker(["container", "inspect", "--format", format, container]);
}

function ids(): Promise<string[]> {
  return Promise.all([name, storage].map((each) => inspected(each, "{{.Id}}")));
}

/** Ids and start times of both containers. They change when a container is created again or restarted. */
async function identity(): Promise<string[]> {
  return Promise.all([name, storage].map((each) => inspected(each, "{{.Id}} {{.State.StartedAt}}")));
}

/** The names of this registry's containers and volumes that exist in Docker. */
async function left(): Promise<string[]> {
  const filter = ["--filter", "label=container-registry.stack", "--filter", `name=${name}`];
  const containers = await docker(["container", "ls", "--all", "--format", "{{.Names}}", ...filter]);
  const volumes = await docker(["volume", "ls", "--format", "{{.Name}}", ...filter]);
  return `${containers}\n${volumes}`.split("\n").filter(Boolean);
}

async function clear(): Promise<void> {
  await removeContainers([name, storage, `${name}-previous`, `${storage}-previous`, others]);
  for (const volume of await left()) await docker(["volume", "rm", volume]);
  if (await dockerSays(["network", "inspect", network])) await docker(["network", "rm", network]);
}

/** Creates an image whose container runs but never answers, and saves it as an archive. Docker's own copy is removed. */
async function brokenImage(folder: string): Promise<{ id: string; archive: string }> {
  await docker(["create", "--name", others, (await podImage("pod")).tag]);
  const id = await docker(["commit", "--change", 'ENTRYPOINT ["sh", "-c", "sleep 600"]', others]);
  await removeContainers([others]);
  const archive = join(folder, "broken.tar");
  await docker(["save", "--output", archive, id]);
  await docker(["image", "rm", id]);
  return { id, archive };
}
