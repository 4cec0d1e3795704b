import { describe, expect, it } from "vitest";
import { readRegistries } from "../../unit/render/registries-model.ts";
import { withWorld } from "../../with-world.ts";
import { befell, dressedReady, dressedUnit, nodeFiles } from "../support/nodes/node-files.ts";
import { trustingNode } from "../support/nodes/trusting-node.ts";

const host = "registry.example.org:5000";

const foreign = `# Ours since 2021, see the wiki.
mirrors:
  "*":
    endpoint: ["https://mirror.example.org"]   # slow
  docker.io:
    endpoint:
      - "https://hub.example.org:5000"
    rewrite: { "^library/(.*)": "hub/$1" }
configs:
  "hub.example.org:5000":
    auth:
      username: yes-man # quoted, or YAML takes it for true
      password: "#1"`;

describe.each([
  { runtime: "k3s", unit: "k3s" },
  { runtime: "rke2", unit: "rke2-agent" },
])("$runtime, its unit dressed", ({ runtime, unit }) => {
  const file = `/etc/rancher/${runtime}/registries.yaml`;
  const caFile = `/etc/rancher/${runtime}/registry.example.org_5000_.crt`;

  const world = withWorld(async ({ use }) => {
    const node = use(await trustingNode({ name: `node-${runtime}`, host }));
    await node.machine.run('mkdir -p "$(dirname "$1")" && umask 077 && cat >"$1"', { args: [file], input: foreign });
    const before = await nodeFiles(node.machine, "/etc/rancher");
    return { node, before };
  });

  const registries = () => world().node.machine.run('cat "$1"', { args: [file] });

  it("is told before its service is there, beside what others have told it", async () => {
    const { node } = world();
    await node.setNode({ runtime });
    const { output } = await node.stack.up();
    expect(output).toContain(`${runtime} does not run here yet: it reads ${file} when it starts`);

    const { mirrors, configs } = readRegistries(foreign);
    expect(readRegistries(await registries())).toEqual({
      mirrors: { ...mirrors, [host]: { endpoint: [`https://${host}`] } },
      configs: { ...configs, [host]: { tls: { ca_file: caFile } } },
    });
    for (const line of foreign.split("\n")) expect((await registries()).split("\n")).toContain(line);
    expect(await node.machine.run('openssl x509 -noout -in "$1" && echo is a certificate', { args: [caFile] })).toBe(
      "is a certificate",
    );
  });

  it("is not restarted by a change unless the stack says so, which says that a restart is needed", async () => {
    const { node } = world();
    await dressedUnit(node.machine, unit);
    await node.stack.setSecret("registryUsername", "puller");
    await node.stack.setSecret("registryPassword", "yes");
    await node.stack.setConfig({ containerRegistry: { host, requiresAuthForPull: true } });
    const { output } = await node.stack.up();

    expect(output).toContain(`a restart is needed: ${unit} reads registries.yaml only when it starts`);
    expect(await befell(node.machine, unit)).toBe("start");
    const { configs } = readRegistries(await registries());
    expect(configs?.[host]).toEqual({ tls: { ca_file: caFile }, auth: { username: "puller", password: "yes" } });
    expect(await node.machine.run('stat -c %a "$1"', { args: [file] })).toBe("600");
  });

  it("is restarted once the stack says so, and not again without a change", async () => {
    const { node } = world();
    await dressedReady(node.machine);
    await node.setNode({ runtime, restart: true });
    await node.stack.up();
    expect(await befell(node.machine, unit)).toBe("start start");

    await node.setNode({ runtime, restart: true, generation: "2" });
    await node.stack.up();
    expect(await befell(node.machine, unit)).toBe("start start");
  });

  it("keeps what others write beside it meanwhile, and loses the rest to the byte", async () => {
    const { node, before } = world();
    const comment = "# Added since.\n";
    await node.machine.run(`sed -i '1i # Added since.' "$1"`, { args: [file] });
    await node.stack.setConfig({ nodes: undefined });
    await node.stack.up();
    expect(await node.machine.run('cat "$1"; echo .', { args: [file] })).toBe(`${comment}${foreign}.`);
    expect(await befell(node.machine, unit)).toBe("start start start");

    await node.machine.run('sed -i 1d "$1"', { args: [file] });
    expect(await nodeFiles(node.machine, "/etc/rancher")).toBe(before);
  });
});
