import { describe } from "vitest";
import { hostKey, hostStack, otherHostKey } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const lan = { kind: "private-ca" };
const ssh = { kind: "ssh", address: "203.0.113.7", user: "ubuntu", hostKey };
const node = { name: "node-1", runtime: "k3s", connection: ssh };

describe("nodes", () => {
  refuses(hostStack, [
    [{ nodes: [node, { ...node, runtime: "docker" }] }, 'nodes[1].name = "node-1": nodes[0] has that name'],
    [
      { nodes: [node, { ...node, name: "node-2" }] },
      "nodes[1].connection: is the machine and runtime of nodes[0]; list it once",
    ],
    [
      { nodes: [node, { ...node, name: "b", runtime: "rke2", connection: { ...ssh, hostKey: otherHostKey } }] },
      "nodes[1].connection.hostKey: differs from 203.0.113.7's key above",
    ],
    [
      {
        nodes: [
          { ...node, connection: { ...ssh, jump: { address: "203.0.113.5", user: "a", hostKey: otherHostKey } } },
        ],
      },
      "nodes[0].connection.jump.hostKey: differs from 203.0.113.5's key above",
    ],
    [
      { "variant.tls": lan, "containerRegistry.host": "203.0.113.5", nodes: [{ ...node, hostsEntry: "203.0.113.5" }] },
      'nodes[0].hostsEntry = "203.0.113.5": gives a name its address',
    ],
    [
      { "variant.tls": lan, "containerRegistry.host": "localhost:5443", nodes: [node] },
      'nodes[0].connection.address = "203.0.113.7": to this node localhost is the node itself',
    ],
  ]);
  accepts(hostStack, [
    { nodes: [node, { ...node, name: "node-1-docker", runtime: "docker" }] },
    { nodes: [node, { ...node, name: "node-2", connection: { ...ssh, port: 2222, hostKey: otherHostKey } }] },
    { nodes: [{ ...node, hostsEntry: "203.0.113.5" }] },
    {
      nodes: ["a", "b"].map((name) => ({
        name,
        runtime: "containerd",
        connection: { kind: "docker-container", name },
      })),
    },
  ]);
});
