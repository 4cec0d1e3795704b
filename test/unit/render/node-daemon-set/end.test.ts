import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ScratchNode } from "./scratch-node.ts";

describe("the pod's end", () => {
  it.each<[string, (node: ScratchNode) => void]>([
    [
      "is deleted",
      (node) => {
        node.server.api = { status: 404 };
      },
    ],
    [
      "is being deleted",
      (node) => {
        node.server.api = { status: 200, body: '{"metadata":{"deletionTimestamp":"2026-11-21T10:00:00Z"}}' };
      },
    ],
  ])("removes all that it wrote if the DaemonSet %s", async (_, given) => {
    await using node = new ScratchNode();
    node.write("/etc/hosts", "127.0.0.1 localhost");
    await node.start();
    await node.becomes("ready");
    given(node);

    expect(await node.end()).toContain("the DaemonSet is deleted: removing what it wrote");
    expect(node.has(node.directory)).toBe(false);
    expect(node.has("/etc/containerd/certs.d")).toBe(true);
    expect(node.read("/etc/hosts")).toBe("127.0.0.1 localhost");
    expect(
      node.has(`/var/lib/container-registry/registry-trust-trust-registry.example.org-${await node.listen()}/manifest`),
    ).toBe(false);
  });

  it.each<[string, string, (node: ScratchNode) => void | Promise<void>]>([
    ["still exists", "the DaemonSet still exists: leaving the trust on the node", () => {}],
    [
      "has an annotation with the word deletionTimestamp",
      "the DaemonSet still exists",
      (node) => {
        const note = JSON.stringify({ metadata: { deletionTimestamp: "never" } });
        node.server.api = { status: 200, body: JSON.stringify({ metadata: { annotations: { note } } }) };
      },
    ],
    [
      "may not be asked for",
      "leaving the trust on the node: the API server answers 403",
      (node) => {
        node.server.api = { status: 403 };
      },
    ],
    [
      "cannot be asked for",
      "leaving the trust on the node: the API server does not answer: curl: (7)",
      (node) => node.server.stop(),
    ],
    [
      "is asked for of a server that is not the cluster's",
      "leaving the trust on the node: the API server does not answer: curl: (77)",
      (node) => rmSync(`${node.folder}/account/ca.crt`),
    ],
  ])("leaves the trust if the DaemonSet %s", async (_, words, given) => {
    await using node = new ScratchNode();
    await node.start();
    await node.becomes("ready");
    await given(node);

    expect(await node.end()).toContain(words);
    expect(node.has(`${node.directory}/hosts.toml`)).toBe(true);
    expect(node.read("/etc/hosts")).toContain("registry.example.org");
  });

  it("asks for its own DaemonSet with its own token, once", async () => {
    await using node = new ScratchNode();
    await node.start();
    await node.becomes("ready");
    expect(node.server.asked).toEqual([]);
    await node.end();

    expect(node.server.asked).toEqual([
      {
        path: `/apis/apps/v1/namespaces/registry-trust/daemonsets/trust-registry.example.org-${await node.listen()}`,
        credentials: "Bearer a token",
      },
    ]);
  });

  it("comes at once, also while the node is not ready", async () => {
    await using node = new ScratchNode();
    node.server.registry = { status: 503 };
    await node.start({}, { variables: { retry: "60" } });
    await node.becomes(/answers 503/);
    const asked = Date.now();
    await node.end();
    expect(Date.now() - asked).toBeLessThan(20_000);
  });
});
