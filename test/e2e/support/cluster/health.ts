import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { namesOfTheLab } from "../../../../lab/network/names-of-the-lab.ts";
import type { Finding } from "../../../../operations/health/finding.ts";
import { doctorOf, foundInARow, runMends } from "../doctor-findings.ts";
import { registryCommand } from "../registry-command.ts";
import { startSilentServer } from "../silent-server.ts";
import { statusOf } from "../status.ts";
import type { ClusterRegistryStack } from "./cluster-registry-stack.ts";

/** Tests of `registry status`, `logs`, `restart` and `doctor` before the first backup. jenkins has pushed p2c/by-ingress. */
export function saysHowItIs(world: () => { registry: ClusterRegistryStack }): void {
  const command = async (...args: string[]) => {
    const { exitCode, output } = await registryCommand(world().registry.stack, args, "", namesOfTheLab).result;
    return [exitCode, output];
  };

  it("status, logs and restart show the pod, who pushed, and replace the pod", async () => {
    const { stack, cluster } = world().registry;
    const { exitCode, report } = await statusOf(stack);
    const noBackup = "there is no backup yet; make one: registry backup";
    expect([exitCode, report.attention, report.unknown]).toEqual([3, [noBackup], []]);
    expect(report).toMatchObject({
      ...{ variant: "cluster", serving: true, versions: { registry: "3.1.1" }, uploads: { active: 0 } },
      ...{ certificate: { daysLeft: 396 }, disk: { path: "/var/lib/registry", readOnly: false } },
      containers: [{ name: expect.stringMatching(/^registry-/), state: "Running", health: "ready" }],
      ...{ collection: null, backup: null, verification: null },
      nodes: { known: 1 + cluster.workers.length, trusting: 1 + cluster.workers.length },
    });

    expect(await command("logs", "--repository", "p2c/by-ingress")).toEqual([
      0,
      expect.stringMatching(/jenkins +pushed +p2c\/by-ingress:1/),
    ]);
    expect(await command("restart")).toEqual([0, expect.stringContaining("serve again")]);
    const names = (await statusOf(stack)).report.containers.map(({ name }) => name);
    expect(names).not.toContain(report.containers[0]?.name);
  });

  it("doctor finds what somebody scaled, edited and deleted, and its command mends all of it", async () => {
    const { stack, cluster, namespace } = world().registry;
    const kubectl = (...args: string[]) => cluster.kubectl([...args, "--namespace", namespace]);
    const noPasswords = [{ op: "replace", path: "/data/htpasswd", value: "" }];
    await kubectl("patch", "secret", "registry-htpasswd", "--type=json", "--patch", JSON.stringify(noPasswords));
    await kubectl("delete", "networkpolicy", "registry");
    await kubectl("scale", "deployment", "registry", "--replicas=0", "--timeout=30s");

    const [{ findings }, { report }] = await Promise.all([doctorOf(stack), statusOf(stack)]);
    const found = findings.filter(isOfOneStack);
    expect(found.map(({ problem }) => problem).sort(), JSON.stringify(findings)).toEqual([
      `Deployment ${namespace}/registry was scaled to 0, and the last up had it at 1`,
      `NetworkPolicy ${namespace}/registry is not there`,
      `Secret ${namespace}/registry-htpasswd was changed since the last up`,
    ]);
    expect(report.attention).toContainEqual(
      expect.stringMatching(/^deployment registry is scaled to 0; .*: pulumi up --refresh$/),
    );
    await runMends(stack, found);
    expect(await foundInARow(stack, isOfOneStack)).toEqual([]);
  });

  it("a cluster that hangs is one line, and the rest is said", async () => {
    const { stack, cluster } = world().registry;
    await using silent = await startSilentServer();
    const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
    const hanging = kubeconfig.replace(/(server: *)[^,\s]+/, `$1https://127.0.0.1:${silent.port}`);
    await stack.setConfig({ "kubernetes:kubeconfig": hanging });
    const [{ findings }, { exitCode, report }] = await Promise.all([doctorOf(stack), statusOf(stack)]);
    await stack.setConfig({ "kubernetes:kubeconfig": cluster.kubeconfig });

    expect(findings).toMatchObject([
      { check: "cluster-unreachable", problem: expect.stringMatching(/does not answer within 10 s$/) },
    ]);
    const problem = expect.stringMatching(/^the cluster of context .* does not answer within 10 s$/);
    expect([exitCode, report.serving, report.unknown]).toEqual([1, true, [{ part: "cluster", problem }]]);
  });
}

/** Each stack with nodes in the shared cluster writes this ConfigMap, of which a cluster has one. */
function isOfOneStack({ problem }: Finding): boolean {
  return !problem.includes("local-registry-hosting");
}
