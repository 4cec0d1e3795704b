import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { sparseShells } from "../../hosts/shells.ts";
import { certificate } from "../../settings/keys.ts";
import { ScratchNode } from "./scratch-node.ts";

const v2 = '[plugins."io.containerd.grpc.v1.cri".registry]';
const v3 = "[plugins.'io.containerd.cri.v1.images'.registry]";
const directory = "/etc/containerd/certs.d";

describe("containerd's configuration", () => {
  it.each([
    ["with config_path, version 2", `version = 2\n${v2}\n  config_path = "${directory}"\n`],
    ["with config_path, version 3", `version = 3\n${v3}\n  config_path = '${directory}:/etc/docker/certs.d'\n`],
    [
      "with config_path and credentials",
      `version = 2\n${v2}\nconfig_path = "${directory}"\n[plugins."io.containerd.grpc.v1.cri".registry.configs."a".auth]\n`,
    ],
    ["of version 3 that says nothing of it", "version = 3\n"],
    ["with carriage returns and comments", `version = 2\r\n# c\r\n${v2} # c\r\n\tconfig_path = "${directory}" # c\r\n`],
  ])("%s lets the node become ready", async (_, config) => {
    await using node = new ScratchNode();
    node.write("/etc/containerd/config.toml", config);
    await node.start();
    await node.becomes("ready");
  });

  it.each([
    [
      "of version 2 that says nothing of it",
      "version = 2\n",
      "it has no config_path, without which only containerd from 2.2 on reads it",
    ],
    ["with an empty config_path, version 3", `version = 3\n${v3}\n  config_path = ''\n`, "its config_path is empty"],
    [
      "of the transfer service alone",
      "version = 2\n[plugins.'io.containerd.transfer.v1.local']\n  config_path = '/etc/containerd/certs.d'\n",
      "it has no config_path",
    ],
    ["that looks elsewhere", `version = 2\n${v2}\n  config_path = "/etc/certs.d"\n`, "its config_path is /etc/certs.d"],
    [
      "with mirrors in the old way",
      `version = 2\n${v2}\n  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\n    endpoint = ["https://a"]\n`,
      'it has registries in the old way, under [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]',
    ],
  ])("%s is the reason why it is not, and nothing is written", async (_, config, why) => {
    await using node = new ScratchNode();
    node.write("/etc/containerd/config.toml", config);
    await node.start();
    await node.becomes(/^containerd on this node reads no \/etc\/containerd\/certs.d: /);

    expect(node.verdict()).toContain(`: ${why}`);
    expect(node.verdict()).toContain("switch it on there and restart containerd once, or list the machine in nodes");
    expect(node.probe()).toEqual({ ok: false, says: node.verdict() });
    expect(node.has(node.directory)).toBe(false);
    expect(node.read("/etc/hosts")).toBe("");
  });

  it("includes its imports", async () => {
    await using node = new ScratchNode();
    const imports = 'imports = [\n  "/etc/containerd/conf.d/*.toml", # drop-ins\n]\n';
    node.write("/etc/containerd/config.toml", `version = 2\n${imports}${v2}\n  config_path = ""\n`);
    await node.start();
    await node.becomes(/reads no/);
    node.write("/etc/containerd/conf.d/registry.toml", `version = 2\n${v2}\n  config_path = "${directory}"\n`);
    await node.becomes("ready");
  });
});

describe("the registry's answer", () => {
  it("may be 200 as well as 401", async () => {
    await using node = new ScratchNode();
    node.server.registry = { status: 200 };
    await node.start();
    await node.becomes("ready");
  });

  it("with another status is the reason, until the status is right", async () => {
    await using node = new ScratchNode();
    node.server.registry = { status: 503 };
    await node.start();
    await node.becomes(`https://registry.example.org:${await node.listen()}/v2/ answers 503; look at the registry`);
    expect(node.log).toContain("answers 503");
    node.server.registry = { status: 401 };
    await node.becomes("ready");
  });

  it("may come from any of its addresses; if none answers, each is a reason", async () => {
    await using node = new ScratchNode();
    const answering = `https://registry.example.org:${await node.listen()}`;
    await node.start({}, { nodeUrls: ["https://nowhere.invalid", answering] });
    await node.becomes("ready");
    node.server.registry = { status: 503 };
    await node.becomes(
      `nowhere.invalid cannot be resolved here; mend the node's DNS, or start what has that name; also, ${answering}/v2/ answers 503; look at the registry`,
    );
  });

  it("is missing: that is the reason", async () => {
    await using node = new ScratchNode();
    await node.start({ hostsEntry: "127.0.0.2" });
    await node.becomes(
      /^no connection to the registry: curl: \(7\) .*; look at the registry, and at firewalls between$/,
    );
  });

  it("with another CA's certificate is the reason", async () => {
    await using node = new ScratchNode();
    await node.start({}, { ca: certificate });
    await node.becomes(
      /^the registry's certificate is not trusted: curl: \(60\) .*; it must be signed by \/etc\/containerd\/certs.d\/.*\/ca.crt$/,
    );
  });
});

it("an image without curl › writes what to set to the log", async () => {
  await using node = new ScratchNode(sparseShells.slice(-1));
  await node.start();
  await node.end();
  rmSync(join(node.folder, "bin/curl"));
  await node.start();
  await vi.waitUntil(
    () => node.log.includes("the image has no curl; set nodeDaemonSet.image to one with sh and curl\n"),
    { timeout: 10_000 },
  );
});
