import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Backup } from "../../../../settings/backup.ts";
import { shells } from "../shells.ts";
import { ScratchHost } from "./measured-host.ts";

const backup = Backup.parse({ to: { kind: "directory", path: "/mnt/backup" }, schedule: "hourly" });
const garbageCollection = { schedule: "Sun 03:00", graceDays: 7 };

let host: ScratchHost;
afterEach(() => rmSync(host.folder, { recursive: true, force: true }));

/** The value of a metric with these labels, as in `service="proxy"`. */
function valueIn(text: string, metric: string, labels = ""): string | undefined {
  const name = `container_registry_${metric}${labels && `{${labels}}`} `;
  return text
    .split("\n")
    .find((line) => line.startsWith(name))
    ?.slice(name.length);
}

describe.each(shells)("the metrics of a registry host, with $name", (shell) => {
  it("tell how full the disk is", () => {
    host = new ScratchHost();
    const text = host.metrics(shell);
    const metrics = ["disk_size_bytes", "disk_used_bytes", "disk_free_bytes"];
    const [size = 0, used = 0, free = 0] = metrics.map((name) => Number(valueIn(text, name)));
    expect(size).toBeGreaterThan(1e6);
    expect(used).toBeGreaterThan(0);
    expect(used + free).toBeLessThanOrEqual(size);
    expect(valueIn(text, "disk_read_only")).toBe("0");
  });

  it("tell which container runs", () => {
    host = new ScratchHost();
    const text = host.metrics(shell);
    expect(valueIn(text, "container_up", 'service="proxy"')).toBe("1");
    expect(valueIn(text, "container_up", 'service="registry"')).toBe("0");
  });

  it("tell when the certificate ends that clients are shown", () => {
    host = new ScratchHost();
    const end = Date.parse("2027-11-22T23:59:59Z") / 1000;
    const text = host.metrics(shell);
    expect(valueIn(text, "certificate_expiry_timestamp_seconds")).toBe(String(end));
    expect(valueIn(text, "certificate_lifetime_seconds")).toBe(String(90 * 86_400));
  });

  it("tell whether the registry serves", () => {
    host = new ScratchHost();
    expect(valueIn(host.metrics(shell), "serving")).toBe("1");
  });

  it("have no certificate without TLS", () => {
    host = new ScratchHost({ tls: { kind: "none" } });
    expect(host.metrics(shell)).not.toContain("certificate");
  });

  it("tell when each task ran last, how often it should, and whether it failed", () => {
    host = new ScratchHost({ backup, garbageCollection });
    const remembered = "var/lib/container-registry-backup";
    host.write("srv/data/registry/collection/last", "{}", 1_790_000_000);
    host.write(`${remembered}/last-backup`, "{}", 1_790_000_001);
    host.write(`${remembered}/last-verify`, '{"pulled":3,"problems":2}', 1_790_000_002);
    host.write("etc/systemd/system/container-registry-backup.service");
    const text = host.metrics(shell);
    for (const [task, at, interval] of [
      ["collection", 1_790_000_000, 604_800],
      ["backup", 1_790_000_001, 3600],
      ["verification", 1_790_000_002, 604_800],
    ]) {
      expect(valueIn(text, "last_run_timestamp_seconds", `task="${task}"`)).toBe(String(at));
      expect(valueIn(text, "interval_seconds", `task="${task}"`)).toBe(String(interval));
    }
    expect(valueIn(text, "verification_problems")).toBe("2");
    expect(valueIn(text, "unit_failed", 'unit="container-registry-backup.service"')).toBe("1");
    expect(text).not.toContain("container-registry-collect.service");
  });

  it("take the age of its timer for a task that never ran", () => {
    host = new ScratchHost({ backup });
    host.write("etc/systemd/system/container-registry-backup.timer", "", 1_790_000_003);
    expect(valueIn(host.metrics(shell), "last_run_timestamp_seconds", 'task="backup"')).toBe("1790000003");
  });

  it("leave out what hangs, and leave nothing behind", () => {
    host = new ScratchHost();
    host.program("docker", "exit 1");
    host.program("curl", "exit 7");
    const text = host.metrics(shell);
    expect(text).not.toContain("certificate");
    expect(valueIn(text, "serving")).toBe("0");
    expect(valueIn(text, "host_metrics_timestamp_seconds")).toMatch(/^\d+$/);
    expect(readdirSync(join(host.folder, "run"))).toEqual([]);
    expect(readdirSync(join(host.folder, "etc/container-registry/caddy"))).toEqual(["host.prom"]);
  });
});
