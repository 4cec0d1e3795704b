import { setTimeout as sleep } from "node:timers/promises";
import type { Finding } from "../finding.ts";

/** Docker asks a container whether it is healthy every 10 s (render/compose.ts), and the answer takes a moment. */
const healthCheckMilliseconds = 12_000;

/**
 * Looks for problems after a fix. Docker may still report containers as unhealthy that serve again: where one is, this function
 * waits for Docker's next health check and looks once more.
 */
export async function lookAfterFix<Report extends { findings: readonly Pick<Finding, "check">[] }>(
  look: () => Promise<Report>,
  wait: (milliseconds: number) => Promise<unknown> = sleep,
): Promise<Report> {
  const report = await look();
  if (report.findings.every(({ check }) => check !== "container-unhealthy")) return report;
  await wait(healthCheckMilliseconds);
  return look();
}
