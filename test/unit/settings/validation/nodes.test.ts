import { describe } from "vitest";
import { changed, clusterStack, existingStack, hostKey, hostStack, hybridStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const ssh = { kind: "ssh", address: "203.0.113.7", user: "ubuntu", hostKey };
const node = { name: "node-1", runtime: "k3s", connection: ssh };
const kind = { name: "kind", runtime: "containerd", connection: { kind: "kind-cluster", name: "kind" } };
const closed = { "containerRegistry.requiresAuthForPull": true };
const teamA = [
  { name: "jenkins", push: ["**"] },
  { name: "dana", pull: ["team-a/**"] },
];
const balanced = changed(clusterStack, {
  "containerRegistry.host": "registry.{address}.nip.io",
  "variant.exposure": { kind: "load-balancer" },
});

describe("nodes", () => {
  refuses(hostStack, [
    [{ nodes: [{ ...kind, runtime: "k3s" }] }, 'nodes[0].runtime = "k3s": kind\'s nodes run containerd'],
    [
      { nodes: [kind, { ...kind, name: "kind-2" }] },
      "nodes[1].connection: is the machine and runtime of nodes[0]; list it once",
    ],
    [
      { nodes: [{ ...node, runtime: "docker", account: "jenkins" }] },
      'nodes[0].account = "jenkins": docker keeps no credentials for pods; remove the line, and use pullSecrets',
    ],
    [
      { nodes: [{ ...node, account: "nobody" }] },
      'nodes[0].account = "nobody": no such account; there are jenkins, dana',
    ],
    [{ ...closed, nodes: [{ ...node, account: "dana" }] }, 'nodes[0].account = "dana": may pull nothing'],
    [
      { nodes: [{ ...node, runtime: "docker", takeOver: true }] },
      "nodes[0].takeOver = true: only registries.yaml of k3s and rke2 needs it; with docker, files of the same name are replaced",
    ],
    [
      { ...closed, nodes: [{ ...node, verify: "pull" }] },
      'nodes[0].verify = "pull": pulls need credentials here, and this node keeps none',
    ],
    [
      { ...closed, accounts: teamA, nodes: [{ ...node, verify: "pull", account: "dana" }] },
      'nodes[0].account = "dana": may pull nothing where images go, and verify is pull; give it pull: ["p2c/**"]',
    ],
  ]);
  accepts(hostStack, [
    { nodes: [kind] },
    { nodes: [{ ...node, verify: "pull" }] },
    { nodes: [{ ...node, account: "jenkins" }] },
    { nodes: [{ ...node, takeOver: true }] },
    { ...closed, nodes: [{ ...node, verify: "pull", account: "jenkins" }] },
    { ...closed, nodes: [{ ...node, runtime: "containerd" }] },
  ]);

  const here = { ...node, connection: { kind: "local" } };
  const worker = { name: "w", runtime: "containerd", connection: { kind: "docker-container", name: "other-worker" } };
  refuses(hybridStack, [
    [
      { nodes: [kind] },
      'nodes[0].connection.name = "kind": is variant.clusterName, whose nodes trust the registry without being listed; remove the node',
    ],
    [
      { nodes: [{ ...worker, runtime: "docker" }] },
      'nodes[0].runtime = "docker": on the node, localhost:5002 leads to the node itself, and Docker knows no other address for a registry',
    ],
  ]);
  accepts(hybridStack, [
    { nodes: [worker] },
    { nodes: [{ ...kind, connection: { kind: "kind-cluster", name: "other" } }] },
    { nodes: [{ ...here, runtime: "docker" }] },
  ]);

  refuses(balanced, [
    [
      { nodes: [{ ...here, hostsEntry: "203.0.113.5" }] },
      'nodes[0].hostsEntry = "203.0.113.5": gives a name its address, and registry.{address}.nip.io has its own in it',
    ],
  ]);
  accepts(balanced, [{ nodes: [here] }]);

  refuses(existingStack, [
    [
      { nodes: [{ ...here, verify: "pull" }] },
      'nodes[0].verify = "pull": the node would pull a test image, which only',
    ],
    [
      { nodes: [{ ...here, account: "dana" }] },
      'nodes[0].account = "dana": an existing registry takes registryUsername instead; remove the line',
    ],
  ]);
});
