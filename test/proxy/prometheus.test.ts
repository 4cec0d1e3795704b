import { readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { ensurePrograms } from "../../lab/debian/debian.ts";
import { freePort } from "../../lab/network/free-port.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { type ServerProcess, startProcess } from "../../lab/proxy/server-process.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";
import { stackMetrics } from "../../render/metrics/stack-metrics.ts";
import { Account } from "../../settings/accounts.ts";
import { Backup } from "../../settings/backup.ts";
import { ScratchHost } from "../unit/hosts/metrics/measured-host.ts";

const examples = new URL("../../examples/monitoring/", import.meta.url);
const example = (name: string) => readFileSync(new URL(name, examples), "utf8");
const dashboard: { panels: { title: string; targets: { expr: string }[] }[] } = JSON.parse(example("dashboard.json"));
const alerts: { groups: { rules: { alert: string; expr: string }[] }[] } = parse(example("alerts.yml"));

let folder: string;
let proxy: StartedProxy;
let prometheus: ServerProcess;
let api: string;

/** The parts of a host that the dashboard shows, all of them. */
function hostMetrics(): string {
  const host = new ScratchHost({
    backup: Backup.parse({ to: { kind: "directory", path: "/mnt/backup" } }),
    garbageCollection: { schedule: "03:00", graceDays: 7 },
  });
  host.write("srv/data/registry/collection/last");
  for (const task of ["backup", "verify"])
    host.write(`var/lib/container-registry-backup/last-${task}`, '{"problems":0}');
  host.write("etc/systemd/system/container-registry-backup.service");
  const text = host.metrics({ sh: "/bin/sh", path: process.env.PATH ?? "" });
  rmSync(host.folder, { recursive: true });
  return text;
}

beforeAll(async () => {
  await ensurePrograms({ prometheus: ["prometheus"] }, "these tests need prometheus and promtool; install them first");
  folder = await mkdtemp(join(tmpdir(), "prometheus-"));
  proxy = await startProxy({
    accounts: [account("jenkins", { push: ["**"] }), account("prometheus", {})],
    metrics: { account: "prometheus", registry: `127.0.0.1:${await freePort()}`, ofHost: true },
  });
  const accounts = [Account.parse({ name: "team-a", expires: "2099-12-31" })];
  const rotations = { "team-a": { generation: 1, date: "2026-01-01", previous: "revoked" } } as const;
  const monitoring = { account: "prometheus", rotations, rotateEvery: "90d" };
  await writeFile(join(proxy.directory, "caddy/stack.prom"), stackMetrics(accounts, monitoring));
  await writeFile(join(proxy.directory, "caddy/host.prom"), hostMetrics());

  const config = parse(example("prometheus.yml"));
  for (const job of config.scrape_configs) {
    Object.assign(job, { scheme: "http", static_configs: [{ targets: [new URL(proxy.url).host] }] });
  }
  await writeFile(join(folder, "prometheus.yml"), stringify({ global: { scrape_interval: "1s" }, ...config }));
  await writeFile(join(folder, "alerts.yml"), example("alerts.yml"));
  await writeFile(join(folder, "registry-password"), password("prometheus"));
  const port = await freePort();
  api = `http://127.0.0.1:${port}/api/v1`;
  const args = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
  const log = join(folder, "log");
  prometheus = startProcess("prometheus", [...args, `--web.listen-address=127.0.0.1:${port}`], log, {});
  for (const tag of ["v1", "v2", "v3"])
    await pushImage(proxy, "team-a/app", tag, Buffer.from(tag), { bearer: "jenkins" });
  // Rates need two scrapes.
  await vi.waitUntil(async () => (await query("min(count_over_time(up[1m])) >= 3").catch(() => [])).length > 0, {
    timeout: 30_000,
    interval: 200,
  });
});
afterAll(async () => {
  await prometheus[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type Sample = { metric: Record<string, string>; value: [number, string] };

/** The samples that a query finds. */
async function query(expression: string): Promise<{ metric: Record<string, string>; value: number }[]> {
  const answer = await fetch(`${api}/query?query=${encodeURIComponent(expression)}`);
  const body = (await answer.json()) as { status: string; error?: string; data: { result: Sample[] } };
  if (body.status !== "success") throw new Error(body.error);
  return body.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

describe("the example for Prometheus", () => {
  it("reads every part of a registry's metrics with the account's password", async () => {
    const found = await query("up");
    expect(found.map(({ metric, value }) => [metric.job, value]).sort()).toEqual(
      ["registry", "registry-host", "registry-proxy", "registry-stack"].map((job) => [job, 1]),
    );
  });

  it.each(dashboard.panels.map(({ title, targets }) => [title, targets] as const))(
    "has data for the dashboard's panel %s",
    async (_title, targets) => {
      for (const { expr } of targets) {
        const instance = new URL(proxy.url).host;
        const found = await query(expr.replaceAll("$instance", instance).replaceAll("$__rate_interval", "1m"));
        expect(found.length, expr).toBeGreaterThan(0);
      }
    },
  );

  it.each(alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const)))(
    "asks for metrics that exist in the alarm %s",
    async (_alert, expr) => {
      const metrics = new Set(expr.match(/\b(?:up|registry_\w+|container_registry_\w+)\b(?=[^"]*(?:"[^"]*"[^"]*)*$)/g));
      expect(metrics.size).toBeGreaterThan(0);
      for (const metric of metrics) expect(await query(`count(${metric})`), metric).toHaveLength(1);
    },
  );

  it("raises each alarm by its fault, and none on a healthy day", async () => {
    const { stdout, exitCode } = await execa("promtool", ["test", "rules", "alerts.test.yml"], {
      cwd: examples,
      all: true,
      reject: false,
    });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });
});
