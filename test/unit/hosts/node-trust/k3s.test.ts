import { expect, it } from "vitest";
import { sparseShells } from "../shells.ts";
import { ScratchNode } from "./scratch-node.ts";

const registries = "/etc/rancher/k3s/registries.yaml";
const started = (moment: string) =>
  `"show "*k3s) printf 'MainPID=7\\nExecMainStartTimestampMonotonic=%s\\n' "$(cat '${moment}')" ;;`;

it("k3s › gets its file before it is installed", async () => {
  using node = new ScratchNode("k3s");
  node.isReady();
  const outcome = await node.trust({ restart: true });

  expect(outcome).toMatchObject({
    status: 0,
    words: expect.stringContaining("k3s does not run here yet: it reads /etc/rancher/k3s/registries.yaml"),
  });
  expect(node.read(registries)).toContain('- "https://registry.example.org:5000"');
  expect(node.read("/etc/rancher/k3s/registry.example.org_5000_.crt")).toBe("the CA\n");
});

it.each(["k3s", "k3s-agent"])("k3s › is restarted as %s when its file changed, and not again", async (unit) => {
  using node = new ScratchNode("k3s");
  node.hasUnits({ [unit]: "active" });
  node.isReady();
  expect((await node.trust({ restart: true })).status).toBe(0);
  expect(node.takeCalls()).toEqual([`systemctl restart ${unit}`]);

  expect((await node.trust({ restart: true, generation: "2" })).status).toBe(0);
  expect(node.takeCalls()).toEqual([]);
});

it("k3s › is not restarted unless the stack says so, and a restart is said to be due", async () => {
  using node = new ScratchNode("k3s");
  node.hasUnits({ k3s: "active" });
  const { status, words, summary } = await node.trust();

  expect(status).toBe(0);
  expect(words).toContain("a restart is needed: k3s reads registries.yaml only when it starts; systemctl restart k3s");
  expect(JSON.parse(summary)).toMatchObject({ changed: expect.arrayContaining([registries]), restartDue: "k3s" });
  expect(node.takeCalls()).toEqual([]);
});

it("k3s › has a restart pending until the service has started again", async () => {
  using node = new ScratchNode("k3s");
  const moment = node.path("moment");
  node.write("moment", "100");
  node.hasUnits({ k3s: "active" }, started(moment));
  await node.trust();

  expect(JSON.parse((await node.trust({ generation: "2" })).summary)).toEqual({
    changed: [],
    removed: [],
    restartDue: "k3s",
  });
  node.write("moment", "200");
  expect(JSON.parse((await node.trust({ generation: "3" })).summary)).toMatchObject({ restartDue: "" });
});

it("k3s › gets an overdue restart once the stack allows it", async () => {
  using node = new ScratchNode("k3s");
  node.write("moment", "100");
  node.hasUnits({ k3s: "active" }, started(node.path("moment")));
  await node.trust();
  node.isReady();
  await node.trust({ restart: true });

  expect(node.takeCalls()).toEqual(["systemctl restart k3s"]);
});

it("k3s › runs on as it was when the restart fails", async () => {
  using node = new ScratchNode("k3s");
  node.write(registries, "# mine\n");
  node.hasUnits({ k3s: "active" }, `"restart "*) echo no such luck; exit 1 ;;`);
  node.isReady();
  const { status, words } = await node.trust({ restart: true });

  expect(status).toBe(1);
  expect(words).toContain("error: node-1: systemctl restart k3s failed: no such luck");
  expect(node.read(registries)).toBe("# mine\n");
});

it("k3s › keeps credentials in a file for root alone", async () => {
  using node = new ScratchNode("k3s");
  const { words, summary } = await node.trust({ auth: { username: "dana", password: "s3cret" } });

  expect(node.read(registries)).toMatch(/username: "dana"\n *password: "s3cret"/);
  expect(words + summary).not.toContain("s3cret");
});

it.each(sparseShells)("k3s › loses what it was given, other registries stay ($name)", async (shell) => {
  using node = new ScratchNode("k3s", shell);
  const foreign = 'mirrors:\n  "docker.io": # theirs\n    endpoint: ["https://mirror.example.org"]\n';
  node.write(registries, foreign);
  node.hasUnits({ k3s: "active" });
  node.isReady();
  await node.trust({ restart: true });
  node.takeCalls();
  const { status } = await node.distrust({ restart: true });

  expect(status).toBe(0);
  expect(node.read(registries)).toBe(foreign);
  expect(node.takeCalls()).toEqual(["systemctl restart k3s"]);
});

it("rke2 › has its own directory and units", async () => {
  using node = new ScratchNode("rke2");
  node.hasUnits({ "rke2-agent": "active" });
  node.isReady();
  await node.trust({ restart: true });

  expect(node.read("/etc/rancher/rke2/registries.yaml")).toContain("registry.example.org:5000:");
  expect(node.takeCalls()).toEqual(["systemctl restart rke2-agent"]);
});

it.each([
  ["kubelet", { kubelet: "" }, "its kubelet gives no healthy answer on http://127.0.0.1:10248/healthz"],
  [
    "API server",
    { api: "exit 1" },
    "its API server is not ready (k3s kubectl --kubeconfig /var/lib/rancher/k3s/server/cred/admin.kubeconfig get --raw /readyz)",
  ],
  [
    "Node object",
    { node: "False" },
    "its Node object is not Ready (k3s kubectl --kubeconfig /var/lib/rancher/k3s/server/cred/admin.kubeconfig get nodes)",
  ],
])("k3s › is not Ready again while its %s is not: the apply fails, says so, and is taken back", async (_, but, why) => {
  using node = new ScratchNode("k3s");
  node.write(registries, "# mine\n");
  node.hasUnits({ k3s: "active" });
  node.isReady(but);
  const { status, words } = await node.trust({ restart: true, variables: { ready_seconds: "0" } });

  expect(status).toBe(1);
  expect(words).toContain(
    `error: node-1: k3s was restarted, but the node is not Ready again after 0 s: ${why}; see journalctl -u k3s`,
  );
  expect(node.read(registries)).toBe("# mine\n");
});

it("k3s › is waited for until it is Ready again", async () => {
  using node = new ScratchNode("k3s");
  node.hasUnits({ k3s: "active" });
  const asked = node.path("asked");
  node.isReady({ api: `echo >>'${asked}'; [ "$(wc -l <'${asked}')" -ge 3 ]` });
  expect(await node.trust({ restart: true })).toMatchObject({ status: 0 });
  expect(node.read("/asked")).toBe("\n\n\n");
});

it("k3s › as an agent has no API server to ask", async () => {
  using node = new ScratchNode("k3s");
  node.hasUnits({ "k3s-agent": "active" });
  node.isReady({ api: "exit 1" });
  expect((await node.trust({ restart: true })).status).toBe(0);
});

it("k3s › loses an old registry's entry, CA and credentials when it gets another, in one restart", async () => {
  using node = new ScratchNode("k3s");
  node.hasUnits({ k3s: "active" });
  node.isReady();
  await node.trust({ restart: true, auth: { username: "dana", password: "0ld" }, host: "old.example.org" });
  node.takeCalls();
  await node.trust({ restart: true, auth: { username: "dana", password: "n3w" } });

  expect(node.takeCalls()).toEqual(["systemctl restart k3s"]);
  expect(node.read(registries)).not.toMatch(/old\.example\.org|0ld/);
  expect(node.read(registries)).toContain("n3w");
  expect(node.read("/etc/rancher/k3s/old.example.org.crt")).toBeUndefined();
});
