import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { containerd as containerdBinaries } from "../../lab/cluster/programs.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { crioRegistries } from "../../render/crio-registries.ts";
import { ScratchNode } from "../unit/hosts/node-trust/scratch-node.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";

const debian = "/usr/bin/containerd";
const [newest] = containerdBinaries;
if (!newest) throw new Error("lab/cluster/programs.ts has no containerd");

const configFile = "/etc/containerd/config.toml";
const certs = "/etc/containerd/certs.d";

const cri2 = 'plugins."io.containerd.grpc.v1.cri"';
const off2 = `version = 2\n\n[plugins]\n  [${cri2}]\n    sandbox_image = "pause:mine"\n    [${cri2}.cni]\n      bin_dir = "/usr/lib/cni"\n`;
const emptied2 = `version = 2\n[${cri2}.registry]\n  config_path = "" # off\n[${cri2}]\n  sandbox_image = "pause:mine"\n`;
const cri3 = "plugins.'io.containerd.cri.v1.images'";
const emptied3 = `version = 3\n[${cri3}.registry]\nconfig_path = ''\n[${cri3}.pinned_images]\nsandbox = 'pause:mine'\n`;

function installed(program: string, found: boolean): boolean {
  if (!found) process.stderr.write(`not tested with ${program}: not installed (apt-get install ${program})\n`);
  return found;
}

/** A node whose containerd is the real one; it is never started, only asked. */
async function nodeWith(program: string, config: string | undefined, restart = ":"): Promise<ScratchNode> {
  const node = new ScratchNode("containerd");
  const start = `{ path=${program} ; argv[]=${program} --config ${node.path(configFile)} ; ignore_errors=no ; }`;
  node.hasUnits(
    { containerd: "active" },
    `"show -p ExecStart"*) echo 'ExecStart=${start}' ;; "restart "*) ${restart} ;;`,
  );
  if (config !== undefined) node.write(configFile, config.replaceAll(certs, node.path(certs)));
  return node;
}

/** What containerd would run with, the lines aside that may differ. */
async function effective(program: string, node: ScratchNode): Promise<string> {
  const args = existsSync(node.path(configFile))
    ? ["--config", node.path(configFile), "config", "dump"]
    : ["config", "default"];
  const { stdout } = await execa(program, args);
  return stdout.replace(/^(imports|\s*config_path) = .*$/gm, "");
}

type Version = {
  name: string;
  program: () => Promise<string>;
  configs: Record<string, string | undefined>;
  legacy: string;
};

const versions: Version[] = [
  {
    name: "containerd 1.6",
    program: async () => debian,
    configs: {
      "with another CRI setting": off2,
      "without a final newline": off2.trimEnd(),
      "with it empty": emptied2,
      "without a file": undefined,
    },
    legacy: `version = 2\n[${cri2}.registry.mirrors."docker.io"]\nendpoint = ["https://mirror.example.org"]\n`,
  },
  {
    name: "containerd 2.2",
    program: () => goBinary(newest),
    configs: { "of version 3, with it empty": emptied3 },
    legacy: `version = 3\n[${cri3}.registry.mirrors.'docker.io']\nendpoint = ['https://mirror.example.org']\n`,
  },
].filter(({ name }) => name !== "containerd 1.6" || installed("containerd", existsSync(debian)));

describe.each(versions)("$name", ({ program, configs, legacy }) => {
  it.each(Object.entries(configs))(
    "gets certs.d in a configuration %s: one restart, nothing else changed",
    async (_, config) => {
      using node = await nodeWith(await program(), config);
      const before = await effective(await program(), node);
      const outcome = await node.trust();

      expect(outcome).toMatchObject({ status: 0, words: expect.stringContaining("which takes one restart") });
      expect(node.takeCalls()).toEqual(["systemctl restart containerd"]);
      expect(await effective(await program(), node)).toBe(before);

      expect((await node.trust({ generation: "2" })).summary).toBe('{"changed":[],"removed":[]}\n');
      expect(node.takeCalls()).toEqual([]);

      expect((await node.distrust()).status).toBe(0);
      expect(node.read(configFile)).toBe(config);
      expect(node.takeCalls()).toEqual([]);
    },
  );

  it("is as it was where it does not start with certs.d", async () => {
    const [config] = Object.values(configs);
    using node = await nodeWith(await program(), config, "echo no such luck; exit 1");
    const { status, words } = await node.trust();

    expect(status).toBe(1);
    expect(words).toContain("no such luck; taken back");
    expect(node.read(configFile)).toBe(config);
  });

  it("fails, untouched, with registries in the old format", async () => {
    using node = await nodeWith(await program(), legacy);
    const { status, words } = await node.trust();

    expect(status).toBe(1);
    expect(words).toMatch(
      /^error: node-1: containerd has registries in the old format, registry\.mirrors, in \/etc\/containerd\/config\.toml;/,
    );
    expect(node.read(configFile)).toBe(legacy);
    expect(node.takeCalls()).toEqual([]);
  });

  it("is refused without its CRI plugin", async () => {
    const version = legacy.split("\n")[0];
    using node = await nodeWith(await program(), `${version}\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n`);
    expect(await node.trust()).toMatchObject({
      status: 1,
      words: expect.stringContaining("disables containerd's CRI plugin"),
    });
  });

  it("has the directory that it looks into first used, and is not restarted", async () => {
    const table = legacy.startsWith("version = 2") ? cri2 : cri3;
    const [version] = legacy.split("\n");
    using node = await nodeWith(
      await program(),
      `${version}\n[${table}.registry]\nconfig_path = "${certs}:/somewhere/else"\n`,
    );
    expect((await node.trust()).status).toBe(0);
    expect(node.read(`${certs}/registry.example.org_5000_/hosts.toml`)).toContain("registry.example.org:5000");
    expect(node.takeCalls()).toEqual([]);
  });
});

describe("containerd 2.2", () => {
  it("gets a fragment of our own where its configuration imports some", async () => {
    const folder = "/etc/containerd/conf.d";
    using node = await nodeWith(await goBinary(newest), undefined);
    const config = `imports = ["${node.path(folder)}/*.toml"]\n${emptied3}`;
    node.write(configFile, config);
    const before = await effective(await goBinary(newest), node);
    expect((await node.trust()).status).toBe(0);

    expect(node.read(`${folder}/container-registry.toml`)).toContain(`config_path = "${certs}"`);
    expect(await effective(await goBinary(newest), node)).toBe(before);
    await node.distrust();
    expect(existsSync(node.path(folder))).toBe(false);
    expect(existsSync(node.path(configFile))).toBe(true);
  });
});

const skopeo = installed("skopeo", execaSync("skopeo", ["--version"], { reject: false }).exitCode === 0);

describe.skipIf(!skopeo)("skopeo", () => {
  const world = withWorld(async (cleanup) => {
    const folder = temporaryFolder(cleanup, "skopeo");
    const server = createServer((request, response) => {
      const manifest = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}';
      response.setHeader("Content-Type", "application/vnd.oci.image.manifest.v1+json");
      response.end(request.url?.includes("/manifests/") ? manifest : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanup.defer(() => server.close());
    return { folder, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  });

  it.each([true, false])("reads CRI-O's drop-in: plain HTTP only where it is insecure (%s)", async (insecure) => {
    const { address: host, folder } = world();
    const file = join(folder, "registries.conf");
    await writeFile(file, crioRegistries({ host, urls: [`${insecure ? "http" : "https"}://${host}`] }));
    const { exitCode, all } = await execa(
      "skopeo",
      ["--registries-conf", file, "inspect", "--raw", `docker://${host}/a:b`],
      { reject: false, all: true },
    );
    expect(exitCode === 0, all).toBe(insecure);
  });

  it("goes on by CRI-O's drop-in to the next address, and takes plain HTTP from that one alone", async () => {
    const { address, folder } = world();
    const file = join(folder, "elsewhere.conf");
    const pull = async (urls: string[]) => {
      await writeFile(file, crioRegistries({ host: "nowhere.invalid:8443", urls }));
      const reference = "docker://nowhere.invalid:8443/a:b";
      const args = ["--registries-conf", file, "inspect", "--raw", reference];
      return execa("skopeo", args, { reject: false, all: true });
    };
    const { exitCode, all } = await pull(["https://nowhere.invalid:8443", `http://${address}`]);
    expect(exitCode, all).toBe(0);
    expect((await pull(["https://nowhere.invalid:8443", `https://${address}`])).all).toContain(
      "server gave HTTP response to HTTPS client",
    );
  });
});
