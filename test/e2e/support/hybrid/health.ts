import { expect, it } from "vitest";
import type { Cluster } from "../../../../lab/cluster/cluster.ts";
import { docker } from "../../../../lab/docker/docker.ts";
import type { PulumiStack } from "../../../../lab/engine/pulumi-stack.ts";
import { kindNetwork } from "../../../../lab/network/network.ts";
import { doctorOf, foundInARow, runMends } from "../doctor-findings.ts";
import { registryCommand } from "../registry-command.ts";
import { statusOf } from "../status.ts";

type World = { stack: PulumiStack; cluster: Cluster; storage: string };

/** Tests of `registry status`, `logs`, `restart` and `doctor` beside kind. jenkins has pushed shop:1. */
export function saysHowItIs(world: () => World, container: string): void {
  const distribution = `${container}-storage`;

  it("status and logs show the containers and who pushed, and doctor's command starts one that was stopped", async () => {
    const { stack, storage, cluster } = world();
    const { exitCode, report } = await statusOf(stack);
    expect([exitCode, report.attention, report.unknown]).toEqual([0, [], []]);
    const nodes = 1 + cluster.workers.length;
    expect(report).toMatchObject({
      ...{ variant: "hybrid", serving: true, versions: { registry: "3.1.1", docker: expect.stringMatching(/^\d/) } },
      containers: [
        { name: container, state: "running" },
        { name: distribution, state: "running" },
      ],
      ...{ disk: { path: storage, readOnly: false }, uploads: { active: 0 }, nodes: { known: nodes, trusting: nodes } },
    });
    const logs = await registryCommand(stack, ["logs", "--account", "jenkins"]).result;
    expect([logs.exitCode, logs.output]).toEqual([0, expect.stringMatching(/jenkins +pushed +shop:1/)]);

    await docker(["kill", distribution]);
    const [stopped, { findings }] = await Promise.all([statusOf(stack), doctorOf(stack)]);
    expect(stopped).toMatchObject({ exitCode: 3, report: { serving: false } });
    expect(findings).toMatchObject([{ check: "container-not-running", cause: "somebody stopped it" }]);
    await runMends(stack, findings);
  });

  it("doctor finds what the cluster lacks to pull, and its commands mend each", async () => {
    const { stack, cluster } = world();
    const hosts = `/etc/containerd/certs.d/${container}_5000_/hosts.toml`;
    await cluster.workers[0]?.run(`rm ${hosts}`);
    await cluster.kubectl(["delete", "configmap", "local-registry-hosting", "--namespace", "kube-public"]);
    await docker(["network", "disconnect", kindNetwork, container]);

    const { findings } = await doctorOf(stack);
    expect(findings.map(({ problem }) => problem)).toEqual([
      `container ${container} is not connected to Docker's network ${kindNetwork}`,
      `${hosts} is missing`,
      "ConfigMap kube-public/local-registry-hosting is not there",
    ]);
    await runMends(stack, findings);
    expect(await foundInARow(stack)).toEqual([]);
  });

  it("distribution that hangs is one finding, and restart brings it back", async () => {
    const { stack } = world();
    await docker(["kill", "--signal", "STOP", distribution]);
    expect((await doctorOf(stack)).findings).toMatchObject([
      { check: "storage-does-not-answer", mend: `docker restart -t 5 ${distribution}` },
    ]);
    await docker(["kill", "--signal", "CONT", distribution]);
    const restarted = await registryCommand(stack, ["restart"]).result;
    expect([restarted.exitCode, restarted.output]).toEqual([0, expect.stringContaining("serve again")]);
  });
}
