import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import fc from "../../../properties.ts";
import { ScratchNode } from "./scratch-node.ts";

const line = (port: number) =>
  `127.0.0.1 registry.example.org # container-registry registry-trust/trust-registry.example.org-${port}\n`;

describe("/etc/hosts", () => {
  it.each([
    ["with lines", "127.0.0.1 localhost\n::1 localhost\n"],
    ["without a final newline", "127.0.0.1 localhost"],
    ["that is empty", ""],
    ["with carriage returns, tabs and blank lines", "127.0.0.1\tlocalhost\r\n\r\n# a comment\n\n"],
    ["with another program's mark", "192.0.2.1 other.example.org # container-registry registry-trust/trust-other\n"],
  ])("%s gets the line first, and is the same byte for byte in the end", async (_, text) => {
    await using node = new ScratchNode();
    node.write("/etc/hosts", text);
    await node.start();
    await node.becomes("ready");
    expect(node.read("/etc/hosts")).toBe(line(await node.listen()) + text);

    node.server.api = { status: 404 };
    await node.end();
    expect(node.read("/etc/hosts")).toBe(text);
  });

  it("gets the line back after it was deleted or changed, and foreign new lines stay", async () => {
    await using node = new ScratchNode();
    await node.start();
    await node.becomes("ready");
    const own = line(await node.listen());

    for (const [spoiled, right] of [
      ["192.0.2.7 new.example.org\n", `${own}192.0.2.7 new.example.org\n`],
      [`192.0.2.7 new.example.org\n${own.replace("127.0.0.1", "192.0.2.1")}`, `${own}192.0.2.7 new.example.org\n`],
      [`${own}${own}`, own],
    ] as const) {
      node.write("/etc/hosts", spoiled);
      expect(node.probe()).toMatchObject({ ok: false, says: expect.stringContaining("/etc/hosts was changed") });
      await node.looksAgain();
      expect(node.read("/etc/hosts")).toBe(right);
    }
  });

  it("is not changed if the stack has no address", async () => {
    await using node = new ScratchNode();
    node.write("/etc/hosts", "127.0.0.1 localhost\n");
    await node.start({ hostsEntry: undefined });
    await node.becomes(
      /registry.example.org cannot be resolved here; mend the node's DNS, or set nodeDaemonSet.hostsEntry/,
    );
    expect(node.read("/etc/hosts")).toBe("127.0.0.1 localhost\n");
  });

  it("keeps another line for the same name, with a warning in the log", async () => {
    await using node = new ScratchNode();
    node.write("/etc/hosts", "192.0.2.1 registry.example.org registry\n");
    await node.start();
    await node.becomes("ready");
    expect(node.read("/etc/hosts")).toContain("192.0.2.1 registry.example.org registry\n");
    expect(node.log).toContain(
      "/etc/hosts has that name in a later line too, which is left as it is: 192.0.2.1 registry.example.org registry\n",
    );
  });

  it("gets the new address after the stack's address changed", async () => {
    await using node = new ScratchNode();
    node.write("/etc/hosts", "::1 localhost\n");
    await node.start();
    await node.becomes("ready");
    await node.end();
    await node.start({ hostsEntry: "127.0.0.2" });
    await node.becomes(/no connection to the registry/);
    expect(node.read("/etc/hosts")).toBe(
      `${line(await node.listen()).replace("127.0.0.1", "127.0.0.2")}::1 localhost\n`,
    );
  });

  it("is restored after a crash that left only its beginning", async () => {
    await using node = new ScratchNode();
    await node.listen();
    const [before, own] = ["127.0.0.1 localhost\n::1 localhost\n", line(await node.listen())];
    const state = `/var/lib/container-registry/registry-trust-trust-registry.example.org-${await node.listen()}`;
    node.write(`${state}/hosts.before`, before);
    node.write(`${state}/hosts.after`, own + before);
    node.write("/etc/hosts", (own + before).slice(0, own.length + 4));
    await node.start();
    await node.becomes("ready");
    expect(node.read("/etc/hosts")).toBe(own + before);
    expect(node.has(`${state}/hosts.before`)).toBe(false);
  });
});

it("/etc/hosts › with any text gets the line, and is as before once the line is removed", async () => {
  const anyText = fc.string({ unit: fc.constantFrom("1", ".", " ", "#", "\t", "\r", "\n", "a", "\\", "/", "&") });
  await using node = new ScratchNode();
  await node.listen();
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      writeFileSync(node.path("/etc/hosts"), text);
      node.server.api = { status: 404 };
      await node.start();
      await node.becomes("ready");
      expect(node.read("/etc/hosts")).toBe(line(await node.listen()) + text);
      await node.end();
      expect(node.read("/etc/hosts")).toBe(text);
    }),
    { numRuns: 12 },
  );
});
