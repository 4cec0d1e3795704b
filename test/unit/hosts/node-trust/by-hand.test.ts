import { expect, it } from "vitest";
import { ScratchNode } from "./scratch-node.ts";

const registries = "/etc/rancher/k3s/registries.yaml";
const host = "registry.example.org:5000";
const ownCa = "/etc/rancher/k3s/registry.example.org_5000_.crt";
const stanza = (ca: string) => `# By hand, see the wiki.
mirrors:
  "${host}":
    endpoint: ["https://${host}"]
configs:
  "${host}":
    tls:
      ca_file: ${ca} # by hand
`;

function k3sNode(): ScratchNode {
  const node = new ScratchNode("k3s");
  node.hasUnits({ k3s: "active" });
  node.isReady();
  return node;
}

it("k3s › keeps entries by hand that say the same, names them, and is not restarted", async () => {
  using node = k3sNode();
  node.write("/etc/ssl/registry.crt", "the CA\n");
  const text = stanza(node.path("/etc/ssl/registry.crt"));
  node.write(registries, text);
  const { status, words, summary } = await node.trust({ restart: true });

  expect({ status, restarts: node.takeCalls() }).toEqual({ status: 0, restarts: [] });
  expect(words).toContain(
    `node-1: ${registries}: line 3: somebody wrote the entry for ${host} by hand; it says the same`,
  );
  expect(words).toContain(
    `node-1: ${registries}: line 6: somebody wrote the entry for ${host} by hand; it says the same`,
  );
  expect(JSON.parse(summary)).toMatchObject({
    changed: ["/etc/rancher/k3s/registry.example.org_5000_.crt"],
    adopted: [registries],
  });
  expect(JSON.parse((await node.trust({ restart: true, generation: "2" })).summary).changed).toEqual([]);

  await node.distrust({ restart: true });
  expect(node.read(registries)).toBe(text.replaceAll(node.path("/"), "/"));
  expect(node.takeCalls()).toEqual([]);
});

it.each([
  ["another CA", "/etc/ssl/registry.crt", "another CA\n", "the CA in /etc/ssl/registry.crt is another one"],
  ["no CA", "/etc/ssl/registry.crt", undefined, "there is no CA in /etc/ssl/registry.crt"],
  ["this stack's own CA file", ownCa, "the CA\n", `${ownCa} goes when this stack leaves the node, so it cannot stay`],
])("k3s › does not take for the same an entry with %s", async (_, path, ca, why) => {
  using node = k3sNode();
  if (ca) node.write(path, ca);
  node.write(registries, stanza(node.path(path)));
  const { status, words } = await node.trust({ restart: true });

  expect(status).toBe(1);
  expect(words).toContain(`error: node-1: ${registries}: line 6: somebody wrote an entry for ${host} by hand`);
  expect(words).toContain(`-     ca_file: ${path}\n`);
  expect(words).toContain(why);
  expect(words).not.toContain("line 3: somebody wrote an entry");
});

it("k3s › has both when the file of the entry by hand is this stack's and was there before", async () => {
  using node = k3sNode();
  node.write(ownCa, "the CA\n");
  const text = stanza(node.path(ownCa));
  node.write(registries, text);
  await node.trust({ restart: true, takeOver: true });
  await node.distrust({ restart: true });

  expect(node.read(registries)).toBe(text.replaceAll(node.path("/"), "/"));
  expect(node.read(ownCa)).toBe("the CA\n");
});

it("k3s › takes over what differs once asked, restarts once, and destroy puts it back", async () => {
  using node = k3sNode();
  const text = stanza("/etc/old.crt").replace(`https://${host}`, "http://old");
  node.write(registries, text);
  expect((await node.trust({ restart: true })).status).toBe(1);
  expect(node.read(registries)).toBe(text);
  expect(node.takeCalls()).toEqual([]);

  const taken = await node.trust({ restart: true, takeOver: true });
  expect(taken.words).toContain(
    `${registries}: line 3: commented out the entry for ${host} that somebody wrote by hand`,
  );
  expect(node.read(registries)).toContain(`- "https://${host}"`);
  expect(node.takeCalls()).toEqual(["systemctl restart k3s"]);

  const without = await node.trust({ restart: true });
  expect(JSON.parse(without.summary).changed).toEqual([]);
  expect(node.takeCalls()).toEqual([]);

  await node.distrust({ restart: true });
  expect(node.read(registries)).toBe(text);
  expect(node.takeCalls()).toEqual(["systemctl restart k3s"]);
});

it("k3s › is as it was when the node fails after a take-over", async () => {
  using node = k3sNode();
  const text = stanza("/etc/old.crt");
  node.write(registries, text);
  node.hasUnits({ k3s: "active" }, `"restart "*) exit 1 ;;`);
  expect((await node.trust({ restart: true, takeOver: true })).status).toBe(1);
  expect(node.read(registries)).toBe(text);
});

it("k3s › leaves the mode of a file whose credentials say the same", async () => {
  using node = k3sNode();
  const auth = { username: "dana", password: "s3cret" };
  const text = `mirrors: {}\nconfigs:\n  ${host}:\n    tls: {ca_file: ${node.path("/etc/ca.crt")}}\n    auth: {username: dana, password: s3cret}\n`;
  node.write("/etc/ca.crt", "the CA\n");
  node.write(registries, text);
  const { words, summary } = await node.trust({ auth });

  expect(words + summary).not.toContain("s3cret");
  expect(node.mode(registries)).toBe(0o644);
  expect((await node.trust({ auth: { ...auth, password: "changed" } })).words).toContain("+   auth: (not shown)\n");
  expect((await node.trust({ auth: { ...auth, password: "changed" }, takeOver: true })).status).toBe(0);
  expect(node.mode(registries)).toBe(0o600);
});

it("hosts entry › is the line by hand where that says the same", async () => {
  using node = k3sNode();
  const text = "127.0.0.1 localhost\n203.0.113.5\tshop Registry.example.org # by hand\n";
  node.write("/etc/hosts", text);
  const { words, summary } = await node.trust({ hostsEntry: "203.0.113.5" });

  expect(node.read("/etc/hosts")).toBe(text);
  expect(words).toContain(
    "/etc/hosts: line 2: somebody gave registry.example.org this address by hand; the line stays as it is",
  );
  expect(JSON.parse(summary).adopted).toEqual(["/etc/hosts"]);
  await node.trust({ hostsEntry: "203.0.113.6" });
  expect(node.read("/etc/hosts")).toBe(
    `203.0.113.6 registry.example.org # container-registry trust-k3s-registry.example.org_5000\n${text}`,
  );
  await node.distrust();
  expect(node.read("/etc/hosts")).toBe(text);
});
