import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type Cluster, startCluster } from "../../../lab/cluster/cluster.ts";
import type { ClusterNode } from "../../../lab/cluster/cluster-node.ts";
import { kubernetes } from "../../../lab/cluster/kubernetes.ts";
import { goBinary } from "../../../lab/go/go-build.ts";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { temporaryFolder, withWorld } from "../../with-world.ts";
import { imageOnNodes } from "../support/cluster/cluster-registry-stack.ts";
import { busyboxIsThere, haveBusybox } from "../support/docs-pages/busybox.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { reader } from "../support/docs-pages/reader.ts";

const page = docsPage("get-started.md");
const name = "get-started-microk8s";
const host = "registry.dso.test";
const args = "/var/snap/microk8s/current/args";

/**
 * The snap microk8s cannot be had here. Its parts are real: the API server, the kubelet, and the containerd, which reads microk8s'
 * own folder. Fake are the command `microk8s`, its two addons, and the one machine: the workstation's docker and sudo are those
 * of a second one.
 */
const world = withWorld(async ({ use, defer }) => {
  const cluster = use(await startCluster({ name, workers: 1 }));
  const [node] = cluster.workers as [ClusterNode];
  const docker = use(await startMachine({ name: `${name}-docker`, kind: "client" }));
  for (const machine of [node, docker]) await machine.run('mkdir -p "$1"', { args: [args] });
  await node.run(
    `sed -i "s|/etc/containerd/certs.d|$1/certs.d|" /etc/containerd/config.toml && systemctl restart containerd`,
    {
      args: [args],
    },
  );
  await haveBusybox(docker);
  const folder = temporaryFolder({ defer }, name);
  const programs = await fakePrograms(join(folder, "fakes"), cluster, docker);
  const values = { "203.0.113.9": cluster.ingressAddress };
  const person = await reader({ folder, values, docker, programs: [programs] });
  return { cluster, node, docker, person };
});

/** What microk8s' addons `ingress` and `hostpath-storage` give the stack file to name, on the lab's controllers. */
const addons = `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: public }
spec: { controller: traefik.io/ingress-controller }
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: microk8s-hostpath }
provisioner: lab.test/host-path
volumeBindingMode: WaitForFirstConsumer
`;

/** `microk8s` for the lab's cluster, and the `sudo` of the machine with docker. */
async function fakePrograms(folder: string, { kubeconfig, context }: Cluster, docker: Machine): Promise<string> {
  const kubectl = `${await goBinary(kubernetes("kubectl"))} --kubeconfig ${kubeconfig}`;
  const { stdout: dockerHere } = await execa("sh", ["-c", "command -v docker"]);
  const scripts = {
    microk8s: `case $1 in
      enable) exec ${kubectl} apply --filename ${join(folder, "addons.yaml")} ;;
      config) exec sed 's/${context}/microk8s/g' ${kubeconfig} ;;
      kubectl) shift; exec ${kubectl} "$@" ;;
      *) echo "microk8s $1: not in the fake" >&2; exit 1 ;;
    esac`,
    sudo: `exec ${dockerHere} exec --interactive --user operator ${docker.container} sudo "$@"`,
  };
  await mkdir(folder);
  await writeFile(join(folder, "addons.yaml"), addons);
  for (const [program, script] of Object.entries(scripts)) {
    await writeFile(join(folder, program), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, program), 0o755);
  }
  return folder;
}

describe("docs/get-started.md, microk8s on a workstation", () => {
  let output = "";

  beforeAll(async () => {
    const { person } = world();
    await person.follow(page, "First, for all of them");
    output = await person.follow(page, "microk8s on a workstation", {
      before: { "sudo -v": inTheLab },
      notRun: busyboxIsThere,
    });
  }, 1_800_000);

  /** The lab's images, and its two machines, over SSH, in the place of this one: the stack file's node once for each. */
  async function inTheLab() {
    const { cluster, person, node, docker } = world();
    const file = join(person.project, "Pulumi.local.yaml");
    const document = parseDocument(await readFile(file, "utf8"));
    for (const image of ["registry", "proxy"] as const) {
      const { tag } = await registryImage(image);
      document.setIn(
        ["config", "container-registry:variant", "images", image],
        await imageOnNodes(cluster, image, tag),
      );
    }
    const nodes = ["config", "container-registry:nodes"];
    const { hostsEntry } = document.toJS().config["container-registry:nodes"][0];
    const { connection } = node;
    document.setIn([...nodes, 0, "connection"], connection);
    document.setIn([...nodes, 1], { name: "docker", runtime: "microk8s", connection: docker.connection, hostsEntry });
    await writeFile(file, document.toString());
    const set = ["config", "set", "--stack", "local", "--secret", "container-registry:sshPrivateKey"];
    await execa("pulumi", set, { cwd: person.project, env: person.env, input: node.keys.privateKey });
  }

  it("ends with a pod whose image the node has pulled from the registry", async () => {
    const { cluster } = world();
    expect(output).toContain("Login Succeeded");
    expect(output).toContain("pod/busybox condition met");
    const image = "jsonpath={.status.containerStatuses[0].imageID}";
    expect(await cluster.kubectl(["get", "pod", "busybox", "--output", image])).toContain(
      `${host}/p2c/busybox@sha256:`,
    );
  });

  it("has the workstation find the registry and trust it, in microk8s' own folder", async () => {
    const { cluster, node, docker } = world();
    expect(await node.run('ls "$1" /etc/containerd/certs.d', { args: [`${args}/certs.d/${host}`] })).toBe(
      `/etc/containerd/certs.d:\n\n${args}/certs.d/${host}:\nca.crt\nhosts.toml`,
    );
    for (const machine of [node, docker])
      expect(await machine.run("head -n 1 /etc/hosts")).toContain(`${cluster.ingressAddress} ${host}`);
  });
});
