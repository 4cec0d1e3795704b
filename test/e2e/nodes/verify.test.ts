import { expect, it } from "vitest";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { startLab } from "../../../lab/lab.ts";
import { startRegistryServer } from "../../../lab/services/registry-server.ts";
import { withWorld } from "../../with-world.ts";
import { nodeFiles } from "../support/nodes/node-files.ts";
import { trustingNode } from "../support/nodes/trusting-node.ts";

const name = "node-verify";

const world = withWorld(async ({ use }) => {
  const [node, server] = await Promise.all([
    trustingNode({ name, host: `${name}.lab.test` }),
    startRegistryServer({ name: `${name}-registry` }),
  ]);
  use(server);
  use(node);
  await answerWith(node.machine, 8502, "502 Bad Gateway");
  await answerWith(node.machine, 8404, "404 Not Found");
  const before = await state(node.machine);
  return { node, server, before };
});

const plain = { tls: { kind: "none" } };

it.each([
  {
    what: "a name that nobody knows",
    host: "nowhere.lab.test",
    says: "the name nowhere.lab.test leads nowhere on this node; add it to its DNS, or give the node a hostsEntry",
  },
  {
    what: "a port that nobody listens on",
    host: `${name}.lab.test:8999`,
    says: /no connection to https:\/\/node-verify\.lab\.test:8999 \(.*Couldn't connect to server\); see that the registry runs,/,
  },
  {
    what: "a certificate by another CA",
    host: `${name}-registry.lab.test`,
    says: /https:\/\/node-verify-registry\.lab\.test shows a certificate that is not by the CA in \/etc\/rancher\/k3s\/node-verify-registry\.lab\.test\.crt, or not for node-verify-registry\.lab\.test \(.*\); see who answers there/,
  },
  {
    what: "a gateway without a registry behind it",
    host: `${name}.lab.test:8502`,
    variant: plain,
    says: "http://node-verify.lab.test:8502/v2/ answers with status 502: that is no registry, or one that is not ready; see what serves there",
  },
  {
    what: "a server that is no registry",
    host: `${name}.lab.test:8404`,
    variant: plain,
    says: "http://node-verify.lab.test:8404/v2/ answers with status 404: that is no registry,",
  },
  {
    what: "a server that speaks no TLS",
    host: `${name}.lab.test:8502`,
    says: "https://node-verify.lab.test:8502 gives no answer that a registry would",
  },
])(
  "up with verify: ping and $what › names the node and the way out, and leaves the node as it was",
  async ({ host, variant, says }) => {
    const { node, before } = world();
    await node.stack.setConfig({
      containerRegistry: { host, requiresAuthForPush: false },
      variant: { kind: "existing", tls: { kind: "provided-ca", file: node.caFile }, ...variant },
    });
    await node.setNode({ runtime: "k3s", verify: "ping" });
    const { exitCode, output } = await node.stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(error(output)).toMatch(says);
    expect(await state(node.machine)).toBe(before);
  },
);

it("up with verify: ping and the CA that signed › succeeds", async () => {
  const { node, server, before } = world();
  await node.stack.setConfig({
    containerRegistry: { host: server.host, requiresAuthForPush: false },
    variant: { kind: "existing", tls: { kind: "provided-ca", file: server.caFile } },
  });
  await node.stack.up();
  expect(await state(node.machine)).not.toBe(before);
});

it("up with an address in hostsEntry › finds a registry that no DNS knows", async () => {
  const { node, server } = world();
  const { dns } = await startLab();
  const address = await node.machine.run('getent ahostsv4 "$1" | cut -d " " -f 1 | head -n 1', { args: [server.host] });
  await dns.remove(server.host);
  await node.setNode({ runtime: "k3s", verify: "ping", generation: "2" });
  const { exitCode, output } = await node.stack.startUp().result;
  expect(exitCode).not.toBe(0);
  expect(error(output)).toContain(`the name ${server.host} leads nowhere on this node`);

  await node.setNode({ runtime: "k3s", verify: "ping", hostsEntry: address });
  await node.stack.up();
});

/** The script's error text about the node, without the prefix that the engine adds. */
function error(output: string): string {
  return output.match(/^.*error: node: (.*)$/m)?.[1] ?? output;
}

/** Starts a server on the node that answers every request with this status. */
async function answerWith(machine: Machine, port: number, status: string): Promise<void> {
  await machine.run(
    `cat >"/usr/local/bin/answer-$1"
     systemd-run --quiet perl "/usr/local/bin/answer-$1"
     until ss --listening --tcp --numeric | grep -q ":$1 "; do sleep 0.1; done`,
    {
      args: [String(port)],
      input: `use IO::Socket::INET;
        my $server = IO::Socket::INET->new(Listen => 5, LocalPort => ${port}, ReuseAddr => 1) or die $!;
        while (my $client = $server->accept) {
          sysread $client, my $request, 65536;
          print $client "HTTP/1.1 ${status}\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n";
          close $client;
        }`,
    },
  );
}

/** The node's files, and the manifests in which the program records what it applied. */
async function state(machine: Machine): Promise<string> {
  const manifests = await machine.run("cat /var/lib/container-registry/*/manifest 2>/dev/null || :");
  return (await nodeFiles(machine)) + manifests;
}
