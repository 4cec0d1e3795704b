import { expect, it } from "vitest";
import { type Shell, sparseShells } from "../shells.ts";
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
  expect(words).toContain(`node-1: ${registries}: line 3: somebody wrote the entry for ${host} by hand; it is equal`);
  expect(words).toContain(`node-1: ${registries}: line 6: somebody wrote the entry for ${host} by hand; it is equal`);
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
  [
    "this stack's own CA file",
    ownCa,
    "the CA\n",
    `${ownCa} is deleted when the node is removed from nodes, so it cannot stay`,
  ],
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

const daemonJson = "/etc/docker/daemon.json";

/** A docker whose dockerd has read daemon.json as it is. */
function dockerNode(text: string): ScratchNode {
  const node = new ScratchNode("docker");
  node.write(daemonJson, text);
  node.has(
    "docker",
    `case "$*" in *IndexConfigs*) ! grep -q '"${host}"' '${node.path(daemonJson)}' || echo false ;; esac`,
  );
  node.hasUnits({ docker: "active" });
  return node;
}

it("docker › leaves an element of insecure-registries by hand, names it, and is not reloaded", async () => {
  const text = `{"insecure-registries": ["${host}"]}`;
  using node = dockerNode(text);
  const { words, summary } = await node.trust({ plain: true });
  expect(words).toContain(
    `${daemonJson}: somebody wrote ${host} into "insecure-registries" by hand; it stays as it is`,
  );
  expect(JSON.parse(summary)).toEqual({ changed: [], removed: [], adopted: [daemonJson] });
  await node.distrust();
  expect(node.read(daemonJson)).toBe(text);
  expect(node.takeCalls().filter((call) => call.startsWith("systemctl"))).toEqual([]);
});

it("docker › says that such an element by hand undoes TLS", async () => {
  const text = `{"insecure-registries": ["${host}"]}`;
  using node = dockerNode(text);
  const { status, words } = await node.trust();
  expect(status).toBe(0);
  expect(words).toContain(`Docker does not verify the certificate of ${host}, since somebody named it`);
  expect(node.read(daemonJson)).toBe(text);
});

const certs = "/var/snap/microk8s/current/args/certs.d/registry.example.org_5000_";

function microk8sNode(shell?: Shell): ScratchNode {
  const node = new ScratchNode("microk8s", shell);
  node.write("/var/snap/microk8s/current/args/containerd-template.toml", 'config_path = "certs.d"\n');
  return node;
}

it.each(sparseShells)(
  "hosts.toml › by hand is replaced, shown without secrets, and comes back ($name)",
  async (shell) => {
    using node = microk8sNode(shell);
    const text = `# s3cret-1
server = "https://dana:s3cret-2@${host}" # s3cret-3
token = "s3cret-4"
[host."https://${host}"]
  capabilities = ["pull", "resolve"]
  ca = "old.crt"
  client = [
    ["s3cret-5", "s3cret-6"],
  ]
[host."https://${host}".header]
  ca = "s3cret-7"
`;
    node.write(`${certs}/hosts.toml`, text);
    node.write(`${certs}/ca.crt`, "s3cret-8\n");
    const { words } = await node.trust();
    expect(words.replaceAll(certs, "")).toMatchInlineSnapshot(`
      "node-1: /ca.crt: somebody else wrote this file; the stack's replaces it, and theirs comes back when the stack's is removed
      node-1: /hosts.toml: somebody else wrote this file; the stack's replaces it, and theirs comes back when the stack's is removed
      - server = "https://(not shown)@registry.example.org:5000"
      - token = (not shown)
      - [host."https://registry.example.org:5000"]
      -   capabilities = ["pull", "resolve"]
      -   ca = "old.crt"
      -   client = [
      - (not shown)
      - (not shown)
      - [host."https://registry.example.org:5000".header]
      -   ca = (not shown)
      + server = "https://registry.example.org:5000"
      + capabilities = [ "push" ]
      + ca = "ca.crt"
      + [host."https://registry.example.org:5000"]
      + capabilities = [ "pull", "resolve" ]
      + ca = "ca.crt"
      "
    `);
    expect(node.read(`${certs}/hosts.toml`)).toContain('ca = "ca.crt"');
    expect((await node.trust({ generation: "2" })).words).toBe("");

    await node.distrust();
    expect(node.read(`${certs}/hosts.toml`)).toBe(text);
    expect(node.read(`${certs}/ca.crt`)).toBe("s3cret-8\n");
  },
);

it("hosts.toml › by hand with the same bytes is not written, and stays at the end", async () => {
  using node = microk8sNode();
  await node.trust();
  const text = node.read(`${certs}/hosts.toml`) ?? "";
  await node.distrust();
  node.write(`${certs}/hosts.toml`, text);
  node.write(`${certs}/ca.crt`, "the CA\n");
  const { words, summary } = await node.trust();
  expect({ words, changed: JSON.parse(summary).changed }).toEqual({ words: "", changed: [] });
  await node.distrust();
  expect(node.read(`${certs}/hosts.toml`)).toBe(text);
});
