import { spawn } from "node:child_process";
import { expect, it } from "vitest";
import { sparseShells } from "../shells.ts";
import { ScratchNode } from "./scratch-node.ts";

const daemonJson = "/etc/docker/daemon.json";
const theirs = '{\n    "log-driver": "journald",\n    "insecure-registries": ["10.0.0.1:5000"]\n}\n';

/** A docker whose dockerd has read daemon.json as it was at the last reload, and takes a key that is gone for no news. */
function dockerOn(node: ScratchNode) {
  const [file, loaded] = [node.path(daemonJson), node.path("loaded")];
  node.has("docker", `case "$*" in *IndexConfigs*) ! grep -qs registry.example.org '${loaded}' || echo false ;; esac`);
  node.hasUnits(
    { docker: "active" },
    `"reload docker") ! grep -qs insecure-registries '${file}' || cp '${file}' '${loaded}' ;;`,
  );
}

it("docker › gets a CA without being told anything", async () => {
  using node = new ScratchNode("docker");
  dockerOn(node);
  const { status } = await node.trust();

  expect(status).toBe(0);
  expect(node.read("/etc/docker/certs.d/registry.example.org:5000/ca.crt")).toBe("the CA\n");
  expect(node.read(daemonJson)).toBeUndefined();
  expect(node.takeCalls().filter((call) => call.startsWith("systemctl"))).toEqual([]);
});

it("docker › is reloaded, not restarted, for a registry without TLS, and asked whether it took it", async () => {
  using node = new ScratchNode("docker");
  dockerOn(node);
  node.write(daemonJson, theirs);
  const { status } = await node.trust({ plain: true });

  expect(status).toBe(0);
  expect(JSON.parse(node.read(daemonJson) ?? "")).toEqual({
    "log-driver": "journald",
    "insecure-registries": expect.arrayContaining(["10.0.0.1:5000", "registry.example.org:5000"]),
  });
  const calls = node.takeCalls();
  expect(calls.filter((call) => call.startsWith("systemctl"))).toEqual(["systemctl reload docker"]);
  expect(calls.at(-1)).toContain('IndexConfigs "registry.example.org:5000"');
});

it("docker › is reloaded again when the registry goes, and keeps what others wrote byte for byte", async () => {
  using node = new ScratchNode("docker");
  dockerOn(node);
  node.write(daemonJson, theirs);
  await node.trust({ plain: true });
  node.takeCalls();
  const { status } = await node.distrust();

  expect(status).toBe(0);
  expect(node.read(daemonJson)).toBe(theirs);
  expect(node.takeCalls()).toContain("systemctl reload docker");
});

const befores = [undefined, "{}\n", '{\n  "log-driver": "journald"\n}'];
it.each(sparseShells.flatMap((shell) => befores.map((before) => [before, shell.name, shell] as const)))(
  "docker › forgets the last registry without TLS too, and daemon.json is %j again (%s)",
  async (before, _, shell) => {
    using node = new ScratchNode("docker", shell);
    dockerOn(node);
    if (before !== undefined) node.write(daemonJson, before);
    await node.trust({ plain: true });
    expect(node.read("/loaded")).toContain("registry.example.org:5000");

    const { status, words } = await node.trust();
    expect(status).toBe(0);
    expect(words).not.toContain("goes on without TLS");
    expect(JSON.parse(node.read("/loaded") ?? "")["insecure-registries"]).toEqual([]);
    expect(node.read(daemonJson)).toBe(before);
  },
);

it("docker › gets its own daemon.json back after a power cut in between", async () => {
  using node = new ScratchNode("docker");
  dockerOn(node);
  node.write(daemonJson, '{"insecure-registries":[],\n  "log-driver": "journald"\n}');
  // The path is as written by version 0.1.
  node.write(`${daemonJson}.container-registry.kept`, '{\n  "log-driver": "journald"\n}');
  expect((await node.trust()).status).toBe(0);
  expect(node.read(daemonJson)).toBe('{\n  "log-driver": "journald"\n}');
});

it("docker › that does not run gets its files all the same", async () => {
  using node = new ScratchNode("docker");
  node.has("docker", "exit 1");
  const { status, words } = await node.trust({ plain: true });

  expect(status).toBe(0);
  expect(words).toContain("Docker does not run: it reads daemon.json when it starts");
});

it("docker › is left alone where its flags would clash with daemon.json", async () => {
  using node = new ScratchNode("docker");
  const dockerd = spawn("sh", ["-c", "read -r _", "dockerd", "--insecure-registry", "10.0.0.0/8"]);
  node.has("dockerd");
  node.has("pidof", `echo ${dockerd.pid}`);
  const { status, words } = await node.trust({ plain: true });
  dockerd.kill();

  expect(status).toBe(1);
  expect(words).toContain("error: node-1: dockerd was started with --insecure-registry");
  expect(node.read(daemonJson)).toBeUndefined();
});

it("docker › that is not there is said to be missing", async () => {
  using node = new ScratchNode("docker");
  expect(await node.trust()).toMatchObject({
    status: 1,
    words: "error: node-1: Docker is not installed here; install it, or correct the node's runtime\n",
  });
});

it("docker › forgets an old registry without TLS when it gets one with TLS instead", async () => {
  using node = new ScratchNode("docker");
  dockerOn(node);
  await node.trust({ plain: true });
  const { status, words } = await node.trust({ host: "other.example.org" });

  expect(status).toBe(0);
  expect(words).not.toContain("goes on without TLS");
  expect(JSON.parse(node.read("/loaded") ?? "")["insecure-registries"]).toEqual([]);
  expect(node.read(daemonJson)).toBeUndefined();
});
