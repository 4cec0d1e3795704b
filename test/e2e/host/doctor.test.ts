import { describe, expect, it } from "vitest";
import type { DoctorReport } from "../../../operations/commands/doctor/doctor-report.ts";
import { withWorld } from "../../with-world.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { runFirst, runLines, runSection } from "../support/docs-pages/run-page.ts";
import { otherCa, rounds } from "../support/host/doctor-faults.ts";
import { command, doctor, doctorWorld, runMend } from "../support/host/doctor-world.ts";

const world = withWorld(doctorWorld);

// Each round below ends in a healthy stack again, of which nothing is found either.
it("finds nothing on a healthy stack", async () => {
  expect((await doctor(world())).findings).toEqual([]);
});

it("leaves no repository behind that users see", async () => {
  for (const name of ["usage", "images"])
    expect(JSON.stringify(await command(world(), name))).not.toContain("container-registry-doctor");
});

it.each(rounds.map((faults) => ({ faults, names: faults.map(({ name }) => name).join(", and ") })))(
  "finds $names, and no more, and what it prints mends that",
  async ({ faults }) => {
    for (const { seed } of faults) await seed(world());
    const { findings } = await doctor(world());
    const found = findings.map(({ check }) => check).sort();
    expect(found, JSON.stringify(findings, undefined, 2)).toEqual(faults.map(({ check }) => check).sort());

    for (const { mend } of faults) await mend?.(world());
    const steps = faults.filter(({ mend }) => mend).map(({ check }) => check);
    const commands = findings.filter(({ check }) => !steps.includes(check)).map(({ mend }) => mend);
    let after: DoctorReport | undefined;
    // Those that look again come last.
    for (const command of [...new Set(commands)].sort().reverse()) after = await runMend(world(), command);
    if (after) expect(after.findings).toEqual([]);
    // A command that starts containers does not wait until they serve.
    else await expect.poll(async () => (await doctor(world())).findings, { timeout: 30_000 }).toEqual([]);
  },
);

describe("docs/incidents/node-does-not-pull.md", () => {
  const page = docsPage("incidents/node-does-not-pull.md");
  const values = { NODE: "self" };

  it("mends a node's CA that somebody wrote over", async () => {
    const { machine, stack, host } = world().registry;
    await otherCa(world());
    const reason = "x509: certificate signed by unknown authority";
    expect((await machine.attempt(`docker pull ${host}/library/app:1`)).output).toContain(reason);

    const { exitCode, output } = await runFirst(stack, page, values);
    expect([exitCode, output]).toEqual([3, expect.stringContaining("/ca.crt was changed since the last up")]);
    const [mend = ""] = page.mendsOf(reason);
    await runLines(stack, page, [mend], values);
    expect(await runSection(stack, page, "Over when", values)).toContain("nothing found");
    expect((await machine.attempt(`docker pull ${host}/library/app:1`)).output).not.toContain("x509");
  });
});

describe("docs/incidents/bad-gateway.md", () => {
  const page = docsPage("incidents/bad-gateway.md");

  it("starts the registry that somebody stopped", async () => {
    const { machine, stack } = world().registry;
    await machine.run("docker stop --time 1 container-registry-registry-1");
    const { exitCode, output } = await runFirst(stack, page);
    expect([exitCode, output]).toEqual([3, expect.stringContaining("container-registry-registry-1: exited")]);
    await runLines(stack, page, page.mendsOf("somebody stopped it"));
    expect(await runSection(stack, page, "Over when")).toMatch(/serving +yes/);
  });
});

describe("docs/incidents/after-reboot.md", () => {
  const page = docsPage("incidents/after-reboot.md");
  const reboot = "systemctl stop container-registry docker.socket docker && systemctl start multi-user.target";

  it("mends a unit that was disabled before the machine went down", async () => {
    const { machine, stack } = world().registry;
    await machine.run(`systemctl disable container-registry && ${reboot}`);
    const { exitCode, output } = await runFirst(stack, page);
    expect([exitCode, output]).toEqual([3, expect.stringContaining("container-registry.service is disabled")]);
    await runLines(stack, page, page.mendsOf("is disabled"));
    expect(await runSection(stack, page, "Over when")).toContain("nothing found");
    await machine.run(reboot);
    await expect.poll(async () => (await doctor(world())).findings, { timeout: 30_000 }).toEqual([]);
  });

  it("serves no empty folder where the disk of the images does not come back", async () => {
    const { machine, stack } = world().registry;
    // systemd in a container makes no units from /etc/fstab.
    const unit = "/etc/systemd/system/srv-data-registry.mount";
    await machine.run(
      `printf '[Mount]\\nWhat=none\\nWhere=/srv/data/registry\\nType=vanished\\n' >${unit}
       printf 'none /srv/data/registry vanished nofail 0 0\\n' >>/etc/fstab
       systemctl daemon-reload && ${reboot}`,
    );
    await expect
      .poll(() => machine.run("systemctl show --property ActiveState container-registry"))
      .toContain("inactive");
    expect(await machine.run("docker ps --quiet")).toBe("");
    const [mend = ""] = page.mendsOf("the unit is enabled").slice(-1);
    await expect(runLines(stack, page, [mend])).rejects.toThrow("the disk of /srv/data/registry is not mounted");
    expect(await machine.run("docker ps --quiet")).toBe("");

    await machine.run(`sed -i '/vanished/d' /etc/fstab; rm ${unit}; systemctl daemon-reload`);
    await runLines(stack, page, [mend]);
    expect(await runSection(stack, page, "Over when")).toContain("nothing found");
  });
});
