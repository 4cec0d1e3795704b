import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { sparseShells } from "../../hosts/shells.ts";
import { loopbackCertificate } from "./loopback-certificate.ts";
import { ScratchNode } from "./scratch-node.ts";

it.each(sparseShells)("$name › writes, repairs, leaves and removes the trust in the course of a pod", async (shell) => {
  await using node = new ScratchNode([shell]);
  await node.listen();
  const hosts = "127.0.0.1 localhost\n::1 localhost";
  node.write("/etc/hosts", hosts);
  node.write(`${node.directory}/hosts.toml`, "by hand\n");
  node.write("/etc/containerd/config.toml", "version = 2\nimports = ['/etc/containerd/conf.d/*.toml']\n");
  await node.start();
  await node.becomes(/reads no/);
  expect(node.read(`${node.directory}/hosts.toml`)).toBe("by hand\n");

  const registry = '[plugins."io.containerd.grpc.v1.cri".registry]';
  node.write("/etc/containerd/conf.d/a.toml", `version = 2\n${registry}\n  config_path = "/etc/containerd/certs.d"\n`);
  await node.becomes("ready");
  rmSync(node.path(`${node.directory}/ca.crt`));
  node.write("/etc/hosts", hosts);
  expect(node.probe().ok).toBe(false);
  await node.looksAgain();
  expect(node.read(`${node.directory}/ca.crt`)).toBe(loopbackCertificate);
  expect(node.read("/etc/hosts").endsWith(`\n${hosts}`)).toBe(true);
  expect(node.probe()).toEqual({ ok: true, says: "ready" });

  expect(await node.end()).toContain("leaving the trust on the node");
  await node.start({}, { ca: "" });
  await node.becomes(/not trusted/);
  expect(node.has(`${node.directory}/ca.crt`)).toBe(false);

  node.server.api = { status: 404 };
  await node.end();
  expect(node.read("/etc/hosts")).toBe(hosts);
  expect(node.read(`${node.directory}/hosts.toml`)).toBe("by hand\n");
});
