import { expect, it } from "vitest";
import { docker } from "../../../lab/docker/docker.ts";
import type { PulumiStack } from "../../../lab/engine/pulumi-stack.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import type { RegistryServer } from "../../../lab/services/registry-server.ts";
import { doctorOf, foundInARow, runMends } from "./doctor-findings.ts";
import { statusOf } from "./status.ts";

type World = { server: RegistryServer; stack: PulumiStack; node: Machine };

/** Tests of `registry status` and `doctor` where somebody else runs the registry. `node` trusts it. */
export function saysHowItIs(world: () => World): void {
  it("status says that it serves, with which certificate, and that the node trusts it", async () => {
    const { stack, server } = world();
    const { exitCode, report } = await statusOf(stack);
    expect([exitCode, report.attention, report.unknown]).toEqual([0, [], []]);
    expect(report).toMatchObject({
      ...{ variant: "existing", url: `https://${server.host}`, serving: true, containers: [] },
      ...{ certificate: { issuer: `Private CA of ${server.host}` }, nodes: { known: 1, trusting: 1 } },
    });
  });

  it("doctor finds a password that was changed there and trust that is gone, and its commands mend both", async () => {
    const { stack, server, node } = world();
    const password = "changed over there";
    await server.setPassword("ci-bot", password);
    await node.run(`rm /etc/docker/certs.d/${server.host}/ca.crt`);
    const { findings } = await doctorOf(stack);
    expect(findings.map(({ check }) => check)).toEqual(["login-denied", "file-changed"]);
    await runMends(stack, findings, password);
    expect(await foundInARow(stack)).toEqual([]);
  });

  it("a registry that hangs is one finding, which explains what the node says", async () => {
    const { stack, server } = world();
    await docker(["pause", server.container]);
    const [{ findings }, { exitCode, report }] = await Promise.all([doctorOf(stack), statusOf(stack)]);
    await docker(["unpause", server.container]);
    expect(findings).toMatchObject([
      { check: "no-connection", mend: expect.stringMatching(/^ask who runs/), symptoms: [expect.any(String)] },
    ]);
    expect([exitCode, report.serving, report.attention.length]).toEqual([3, false, 1]);
  });
}
