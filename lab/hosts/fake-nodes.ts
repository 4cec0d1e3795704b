import ssh2, { type Connection as SshClient, type Server as SshServer } from "ssh2";
import { freePort } from "../network/free-port.ts";
import { newKeyPair } from "./ssh-keys.ts";

/** A node without a machine: an SSH server that says of every command that it changed nothing. */
export type FakeNode = {
  name: string;
  connection: { kind: "ssh"; address: string; port: number; user: string; hostKey: string };
};

export type FakeNodes = AsyncDisposable & {
  nodes: FakeNode[];
  /** The private key that all nodes accept, in OpenSSH's format. */
  privateKey: string;
  /** SSH connections that all nodes have accepted so far. */
  connections(): number;
  /** Makes one node take that long for each command. */
  slowDown(node: FakeNode, seconds: number): void;
};

/** Starts hundreds of nodes in this process, each at an address of its own on the loopback interface (Linux). */
export async function startFakeNodes(count: number): Promise<FakeNodes> {
  // Not by ssh2's own generator: it drops a leading zero, and OpenSSH then refuses the key, one of some hundred.
  const [host, operator] = await Promise.all([newKeyPair("fake-nodes-host"), newKeyPair("fake-nodes")]);
  const hostKey = host.publicKey.split(" ").slice(0, 2).join(" ");
  const port = await freePort();
  const seconds = new Map<string, number>();
  let accepted = 0;

  const servers: SshServer[] = [];
  const nodes: FakeNode[] = [];
  for (let number = 1; number <= count; number++) {
    const address = `127.1.${number >> 8}.${number & 255}`;
    const server = new ssh2.Server({ hostKeys: [host.privateKey] }, (client) => {
      accepted += 1;
      serve(client, () => seconds.get(address) ?? 0);
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    servers.push(server);
    const connection = { kind: "ssh" as const, address, port, user: "operator", hostKey };
    nodes.push({ name: `fake-${number}`, connection });
  }
  return {
    nodes,
    privateKey: operator.privateKey,
    connections: () => accepted,
    slowDown: (node, each) => seconds.set(node.connection.address, each),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    },
  };
}

/** Reads all that a command gets on standard input, and answers like an apply without changes. */
function serve(client: SshClient, seconds: () => number): void {
  client.on("error", () => {});
  client.on("authentication", (request) => {
    if (request.method === "publickey") request.accept();
    else request.reject(["publickey"]);
  });
  client.on("session", (accept) => {
    accept().on("exec", (accept) => {
      const channel = accept();
      channel.resume();
      channel.on("end", () =>
        setTimeout(() => {
          channel.write('{"changed":[],"removed":[]}\n');
          channel.exit(0);
          channel.end();
        }, seconds() * 1000),
      );
    });
  });
}
