import { describe } from "vitest";
import { changed, clusterStack, existingStack, hostStack, hybridStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const image = { reference: `docker.io/curlimages/curl@sha256:${"0".repeat(64)}` };
const nodeDaemonSet = { runtime: "containerd", image };
const plain = changed(existingStack, { "variant.tls": { kind: "none" } });
const balanced = changed(clusterStack, {
  "containerRegistry.host": "registry.{address}.nip.io",
  "variant.exposure": { kind: "load-balancer" },
});

describe("nodeDaemonSet", () => {
  refuses(hostStack, [
    [
      {
        nodeDaemonSet: { ...nodeDaemonSet, image: { reference: `registry.example.org/curl@sha256:${"0".repeat(64)}` } },
      },
      "is pulled before any node trusts registry.example.org; take the image from another registry",
    ],
    [
      { nodeDaemonSet: { ...nodeDaemonSet, runtime: "k3s" } },
      'nodeDaemonSet.runtime = "k3s": containerd, microk8s, cri-o or docker; k3s and rke2 read their registries at start only',
    ],
    [
      {
        nodeDaemonSet: { ...nodeDaemonSet, image: { reference: `sha256:${"0".repeat(64)}`, archive: "package.json" } },
      },
      "nodeDaemonSet.image.archive: every node pulls the image",
    ],
    [
      {
        "variant.tls": { kind: "private-ca" },
        "containerRegistry.host": "203.0.113.5",
        nodeDaemonSet: { ...nodeDaemonSet, hostsEntry: "203.0.113.5" },
      },
      'nodeDaemonSet.hostsEntry = "203.0.113.5": gives a name its address',
    ],
    [
      { "variant.tls": { kind: "private-ca" }, "containerRegistry.host": "localhost:5443", nodeDaemonSet },
      "nodeDaemonSet: to a pod localhost is the pod itself",
    ],
  ]);
  refuses(plain, [
    [
      { nodeDaemonSet: { ...nodeDaemonSet, runtime: "docker" } },
      'nodeDaemonSet.runtime = "docker": learns of plain HTTP by a signal',
    ],
    [
      { nodeDaemonSet: { ...nodeDaemonSet, runtime: "cri-o" } },
      'nodeDaemonSet.runtime = "cri-o": learns of plain HTTP by a signal',
    ],
  ]);
  refuses(hybridStack, [
    [
      { nodeDaemonSet },
      "nodeDaemonSet: variant hybrid's registry is beside a kind cluster, whose nodes trust it without",
    ],
  ]);
  refuses(balanced, [
    [
      { nodeDaemonSet: { ...nodeDaemonSet, hostsEntry: "203.0.113.5" } },
      'nodeDaemonSet.hostsEntry = "203.0.113.5": gives a name its address, and containerRegistry.host = registry.{address}.nip.io has its own in it',
    ],
  ]);
  accepts(balanced, [{ nodeDaemonSet }]);
  accepts(hostStack, [
    { nodeDaemonSet },
    { nodeDaemonSet: { ...nodeDaemonSet, runtime: "docker", hostsEntry: "203.0.113.5" } },
    {
      nodeDaemonSet: {
        ...nodeDaemonSet,
        image: { reference: `registry.example.org.evil/a@sha256:${"0".repeat(64)}` },
      },
    },
  ]);
  accepts(plain, [{ nodeDaemonSet }, { nodeDaemonSet: { ...nodeDaemonSet, runtime: "microk8s" } }]);
});
