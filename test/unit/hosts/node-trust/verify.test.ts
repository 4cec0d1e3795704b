import { expect, it } from "vitest";
import { ScratchNode } from "./scratch-node.ts";

const url = "https://registry.example.org:5000";

const nodeUrls = [url, "http://registry:5000", "http://10.96.0.10:5000"];

/** A curl that ends with a code and some words, or with a status. */
function curlThat(node: ScratchNode, code: number, words: string) {
  node.has(
    "curl",
    code === 0 ? `printf '%s' '${words}'` : `echo 'curl: (${code}) ${words}' >&2; printf 000; exit ${code}`,
  );
  // What is tried again for 15 s is tried once here.
  node.has("date", `echo "$((\${clock:-0} + $(wc -l <"$0.calls" 2>/dev/null || echo 0) * 20))"; echo >>"$0.calls"`);
}

it.each(["200", "401"])("verify › takes %s for an answer, with the runtime's CA", async (status) => {
  using node = new ScratchNode("k3s");
  curlThat(node, 0, status);
  expect((await node.trust({ verify: "ping" })).status).toBe(0);
  expect(node.takeCalls().find((call) => call.startsWith("curl"))).toMatch(
    /--cacert \S+\/etc\/rancher\/k3s\/registry\.example\.org_5000_\.crt https:\/\/registry\.example\.org:5000\/v2\/$/,
  );
});

it.each([
  [
    6,
    "Could not resolve host",
    "the name registry.example.org leads nowhere on this node; add it to its DNS, or give the node a hostsEntry",
  ],
  [7, "Connection refused", `no connection to ${url} (Connection refused)`],
  [
    60,
    "self-signed certificate",
    "shows a certificate that is not by the CA in /etc/rancher/k3s/registry.example.org_5000_.crt",
  ],
  [52, "Empty reply", `${url} gives no answer that a registry would (Empty reply)`],
  [0, "404", `${url}/v2/ answers with status 404: that is no registry`],
])("verify › tells what curl's %i (%s) means, names the node, and leaves no trace", async (code, words, message) => {
  using node = new ScratchNode("k3s");
  curlThat(node, code, words);
  const outcome = await node.trust({ verify: "ping" });

  expect(outcome.status).toBe(1);
  expect(outcome.words).toContain("error: node-1: ");
  expect(outcome.words).toContain(message);
  expect(node.read("/etc/rancher/k3s/registries.yaml")).toBeUndefined();
});

it("verify › is content with whichever address answers, and says what the others did", async () => {
  using node = new ScratchNode("k3s");
  node.has(
    "curl",
    `case "$*" in *10.96*) printf 401 ;; *) echo 'curl: (6) Could not resolve host' >&2; exit 6 ;; esac`,
  );
  const { status, words } = await node.trust({ verify: "ping", elsewhere: { nodeUrls } });

  expect(status).toBe(0);
  expect(words).toContain(
    "http://10.96.0.10:5000 answers; the name registry.example.org leads nowhere on this node; add it to its DNS, or give the node a hostsEntry; also, the name registry leads nowhere on this node; add it to its DNS, or start what has that name\n",
  );
  expect(node.takeCalls().filter((call) => call.startsWith("curl"))).toHaveLength(3);
});

it("verify › asks no further address where the first one answers", async () => {
  using node = new ScratchNode("k3s");
  curlThat(node, 0, "200");
  expect((await node.trust({ verify: "ping", elsewhere: { nodeUrls } })).words).not.toContain("leads nowhere");
  expect(node.takeCalls().filter((call) => call.startsWith("curl"))).toHaveLength(1);
});

it("verify › names each address that was tried, with its own reason", async () => {
  using node = new ScratchNode("k3s");
  curlThat(node, 7, "Connection refused");
  const { status, words } = await node.trust({ verify: "ping", elsewhere: { nodeUrls } });

  expect(status).toBe(1);
  for (const each of nodeUrls) expect(words).toContain(`no connection to ${each} (Connection refused); see that`);
  expect(words.match(/error: /g)).toHaveLength(1);
});

it("verify › has Docker asked by the registry's name alone, which is all that it dials", async () => {
  using node = new ScratchNode("docker");
  node.has("docker");
  curlThat(node, 0, "200");
  expect((await node.trust({ verify: "ping", elsewhere: { nodeUrls: nodeUrls.slice(1) } })).status).toBe(0);
  expect(node.takeCalls().find((call) => call.startsWith("curl"))).toContain(` ${url}/v2/`);
});

it("verify › asks for curl before anything is touched", async () => {
  using node = new ScratchNode("k3s");
  expect(await node.trust({ verify: "ping" })).toMatchObject({
    status: 1,
    words: `error: node-1: there is no curl to ask ${url} with; install it, or use verify: none\n`,
  });
});

it("verify: pull › pulls through docker and takes the image away again", async () => {
  using node = new ScratchNode("docker");
  node.has("docker");
  expect((await node.trust({ verify: "pull" })).status).toBe(0);
  const image = "registry.example.org:5000/container-registry-probe:1";
  expect(node.takeCalls().slice(-2)).toEqual([`docker pull ${image}`, `docker rmi ${image}`]);
});

it("verify: pull › fails with the runtime's words", async () => {
  using node = new ScratchNode("docker");
  node.has("docker", `[ "$1" != pull ] || { echo "x509: certificate signed by unknown authority"; exit 1; }`);
  const { status, words } = await node.trust({ verify: "pull" });

  expect(status).toBe(1);
  expect(words).toContain("error: node-1: docker could not pull registry.example.org:5000/container-registry-probe:1");
  expect(words).toContain("x509: certificate signed by unknown authority");
});

it("verify: pull › is a question where k3s has yet to read its file", async () => {
  using node = new ScratchNode("k3s");
  node.hasUnits({ k3s: "active" });
  curlThat(node, 0, "200");
  const { status, words } = await node.trust({ verify: "pull" });

  expect(status).toBe(0);
  expect(words).toContain("no pull is tried: k3s has not read its registries yet");
});

it("verify: pull › goes through k3s' own crictl once it was restarted", async () => {
  using node = new ScratchNode("k3s");
  node.hasUnits({ k3s: "active" });
  node.isReady();
  expect((await node.trust({ verify: "pull", restart: true })).status).toBe(0);
  expect(node.takeCalls()).toContain("k3s crictl pull registry.example.org:5000/container-registry-probe:1");
});

it("verify: pull › asks for crictl before anything is touched", async () => {
  using node = new ScratchNode("cri-o");
  node.has("crio");
  expect(await node.trust({ verify: "pull" })).toMatchObject({
    status: 1,
    words: "error: node-1: there is no crictl to pull with; install it (cri-tools), or use verify: ping\n",
  });
});
