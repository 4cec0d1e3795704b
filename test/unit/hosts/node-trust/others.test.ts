import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { ScratchNode } from "./scratch-node.ts";

it("cri-o › gets SIGHUP for another drop-in, and none for the same", async () => {
  using node = new ScratchNode("cri-o");
  node.has("crio");
  node.hasUnits({ crio: "active" });
  expect((await node.trust()).status).toBe(0);
  expect(node.read("/etc/containers/certs.d/registry.example.org:5000/ca.crt")).toBe("the CA\n");
  expect(node.read("/etc/containers/registries.conf.d/container-registry-registry.example.org_5000_.conf")).toContain(
    'prefix = "registry.example.org:5000"',
  );
  expect(node.takeCalls()).toEqual(["systemctl reload crio"]);

  await node.trust({ generation: "2" });
  expect(node.takeCalls()).toEqual([]);

  await node.distrust();
  expect(node.takeCalls()).toEqual(["systemctl reload crio"]);
});

it("cri-o › has a drop-in for each name, all to the same addresses, and a CA for each of those with TLS", async () => {
  using node = new ScratchNode("cri-o");
  node.has("crio");
  const nodeUrls = ["https://registry.example.org:5000", "https://10.96.0.11:5443", "http://10.96.0.10:5000"];
  const drop = "/etc/containers/registries.conf.d/container-registry-";
  expect((await node.trust({ elsewhere: { aliases: ["registry:5000"], nodeUrls } })).status).toBe(0);

  expect(node.read(`${drop}registry_5000_.conf`)).toMatch(
    /prefix = "registry:5000"[\s\S]*location = "10\.96\.0\.10:5000"\ninsecure = true\n$/,
  );
  expect(node.read("/etc/containers/certs.d/10.96.0.11:5443/ca.crt")).toBe("the CA\n");
  expect(node.read("/etc/containers/certs.d/10.96.0.10:5000/ca.crt")).toBeUndefined();

  await node.trust();
  expect(node.read(`${drop}registry_5000_.conf`)).toBeUndefined();
  expect(node.read("/etc/containers/certs.d/10.96.0.11:5443/ca.crt")).toBeUndefined();
});

it("microk8s › reads its directory on every pull: nothing is called", async () => {
  using node = new ScratchNode("microk8s");
  node.write("/var/snap/microk8s/current/args/containerd-template.toml", 'config_path = "certs.d"\n');
  expect((await node.trust()).status).toBe(0);
  expect(node.read("/var/snap/microk8s/current/args/certs.d/registry.example.org_5000_/hosts.toml")).toContain(
    '[host."https://registry.example.org:5000"]',
  );
  expect(node.takeCalls()).toEqual([]);
});

it("microk8s › has a directory for each name, and none for one that is no longer used", async () => {
  using node = new ScratchNode("microk8s");
  const certs = "/var/snap/microk8s/current/args/certs.d";
  node.write("/var/snap/microk8s/current/args/containerd-template.toml", 'config_path = "certs.d"\n');
  const nodeUrls = ["http://hostk8s-registry.:5000"];
  await node.trust({ plain: true, elsewhere: { aliases: ["localhost:5000", "hostk8s-registry:5000"], nodeUrls } });
  for (const directory of ["registry.example.org_5000_", "localhost_5000_", "hostk8s-registry_5000_"])
    expect(node.read(`${certs}/${directory}/hosts.toml`)).toContain('[host."http://hostk8s-registry.:5000"]');

  await node.trust({ plain: true, elsewhere: { aliases: ["localhost:5000"], nodeUrls } });
  expect(node.read(`${certs}/localhost_5000_/hosts.toml`)).toBeDefined();
  expect(existsSync(node.path(`${certs}/hostk8s-registry_5000_`))).toBe(false);
});

it("microk8s › from before certs.d is refused", async () => {
  using node = new ScratchNode("microk8s");
  node.write("/var/snap/microk8s/current/args/containerd-template.toml", "[plugins]\n");
  expect(await node.trust()).toMatchObject({ status: 1, words: expect.stringContaining("as before version 1.23") });
});

it("microk8s › that is not there is said to be missing", async () => {
  using node = new ScratchNode("microk8s");
  expect(await node.trust()).toMatchObject({
    status: 1,
    words: expect.stringMatching(/^error: node-1: microk8s is not installed here/),
  });
});

it("hosts entry › leads to the registry before everything else", async () => {
  using node = new ScratchNode("k3s");
  node.write("/etc/hosts", "127.0.0.1 localhost");
  await node.trust({ hostsEntry: "203.0.113.5" });

  expect(node.read("/etc/hosts")).toMatch(/^203\.0\.113\.5 registry\.example\.org .*\n127\.0\.0\.1 localhost$/);
  await node.distrust();
  expect(node.read("/etc/hosts")).toBe("127.0.0.1 localhost");
});
