import { expect, it } from "vitest";
import type { DoctorReport } from "../../../operations/commands/doctor/doctor-report.ts";
import { withWorld } from "../../with-world.ts";
import { rounds } from "../support/host/doctor-faults.ts";
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
