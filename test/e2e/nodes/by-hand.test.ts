import { expect, it } from "vitest";
import { readRegistries } from "../../unit/render/registries-model.ts";
import { withWorld } from "../../with-world.ts";
import { doctorFindings } from "../support/doctor-findings.ts";
import { befell, dressedReady, dressedUnit, nodeFiles } from "../support/nodes/node-files.ts";
import { trustingNode } from "../support/nodes/trusting-node.ts";

const host = "by-hand.lab.test";
const file = "/etc/rancher/k3s/registries.yaml";
const ownCa = "/etc/rancher/k3s/by-hand.lab.test.crt";

const registriesYaml = (endpoint: string) => `# From the wiki.
mirrors:
  docker.io:
    endpoint: ["https://hub.example.org"]
  ${host}:
    endpoint:
      - "${endpoint}" # ours
configs:
  "${host}":
    tls:
      ca_file: /etc/ssl/by-hand.crt
    # auth was: old-s3cret
`;

const different = registriesYaml("http://203.0.113.5:5000").replace(
  "    # auth was",
  "    auth: { username: ci, password: s3cret }\n    # auth was",
);
const same = registriesYaml(`https://${host}`);

const world = withWorld(async ({ use }) => {
  const node = use(await trustingNode({ name: "node-by-hand", host }));
  const put = (path: string, text: string) =>
    node.machine.run('mkdir -p "$(dirname "$1")" && cat >"$1"', { args: [path], input: text });
  await put(file, different);
  await node.machine.copyTo(node.caFile, "/etc/ssl/by-hand.crt");
  await node.machine.run("printf '203.0.113.5\\tby-hand.lab.test shop # by hand\\n' >>/etc/hosts");
  await dressedUnit(node.machine, "k3s");
  await dressedReady(node.machine);
  return { node, put, before: await nodeFiles(node.machine, "/etc/rancher /etc/ssl") };
});

const registries = () => world().node.machine.run('cat "$1"; echo .', { args: [file] });
const k3s = { runtime: "k3s", restart: true, hostsEntry: "203.0.113.5" };
const findings = async () =>
  (await doctorFindings(world().node.stack)).map(({ check }) => check).filter((check) => check.startsWith("entry-"));

it("up stops at an entry that differs, shows the difference without passwords, and says how to take it over", async () => {
  const { node } = world();
  await node.setNode(k3s);
  const { exitCode, output } = await node.stack.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(output).toContain(`${file}: line 5: somebody wrote an entry for ${host} by hand, and it differs:`);
  expect(output).toContain(`-     - "http://203.0.113.5:5000"`);
  expect(output).toContain(`+     - "https://${host}"`);
  expect(output).toContain("-   auth: (not shown)");
  expect(output).toContain("give the node takeOver: true");
  expect(output).not.toContain("s3cret");
  expect(await registries()).toBe(`${different}.`);
});

it("takeOver comments it out, k3s restarts once, and the stack file need not say it any longer", async () => {
  const { node } = world();
  await node.setNode({ ...k3s, takeOver: true });
  const { output } = await node.stack.up();
  expect(output).toContain(`line 5: commented out the entry for ${host} that somebody wrote by hand`);
  expect(output).toContain(`/etc/hosts: line`);
  expect(output).toContain(`somebody gave ${host} this address by hand; the line stays as it is`);
  expect(readRegistries(await registries().then((text) => text.slice(0, -1)))).toEqual({
    mirrors: { "docker.io": { endpoint: ["https://hub.example.org"] }, [host]: { endpoint: [`https://${host}`] } },
    configs: { [host]: { tls: { ca_file: ownCa } } },
  });
  const taken = await registries();

  await node.setNode(k3s);
  await node.stack.up();
  expect(await registries()).toBe(taken);
  expect(await befell(node.machine, "k3s")).toBe("start start");
  expect(await findings()).toEqual([]);
});

it("the entry comes back to the byte when the node leaves the stack", async () => {
  const { node, before } = world();
  await node.stack.setConfig({ nodes: undefined });
  await node.stack.up();
  expect(await nodeFiles(node.machine, "/etc/rancher /etc/ssl")).toBe(before);
  expect(await node.machine.run("cat /etc/hosts")).toContain("203.0.113.5\tby-hand.lab.test shop # by hand");
  expect(await befell(node.machine, "k3s")).toBe("start start start");
});

it("an entry that says the same stays, k3s is not restarted, and doctor names it once somebody changes it", async () => {
  const { node, put } = world();
  await put(file, same);
  await node.setNode(k3s);
  const { output } = await node.stack.up();
  expect(output).toContain(`${file}: line 5: somebody wrote the entry for ${host} by hand; it is equal`);
  expect(output).toContain(`${file}: line 9: somebody wrote the entry for ${host} by hand; it is equal`);
  expect(await registries()).toBe(`${same}.`);
  expect(await befell(node.machine, "k3s")).toBe("start start start");
  expect(await findings()).toEqual([]);

  await put(file, different);
  expect(await findings()).toEqual(["entry-by-hand-changed"]);
  await put(file, same);

  await node.stack.destroy();
  expect(await registries()).toBe(`${same}.`);
  expect(await befell(node.machine, "k3s")).toBe("start start start");
});
