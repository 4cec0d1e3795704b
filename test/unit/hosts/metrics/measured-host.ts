import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type MeasuredHost, metricsProgram } from "../../../../hosts/metrics/metrics-program.ts";
import { HostVariant } from "../../../../settings/variants/host.ts";
import type { Shell } from "../shells.ts";

/** What Docker prints of a proxy that runs, and of a registry that does not. */
const docker = `
case "$1" in
ps)
  echo "aaa	proxy	/etc/container-registry/compose.yaml	/etc/container-registry	container-registry-proxy-1"
  echo "bbb	registry	/etc/container-registry/compose.yaml	/etc/container-registry	container-registry-registry-1" ;;
inspect) [ "$4" = aaa ] && echo running || echo exited ;;
esac`;

const systemctl = `[ "$2" = container-registry-backup.service ] && echo failed || echo inactive`;

const curl = `case "$*" in *https:*) printf '*  start date: Aug 24 23:59:59 2027 GMT\\n*  expire date: Nov 22 23:59:59 2027 GMT\\n' >&2 ;; esac`;

/** A host whose folders are below a temporary one, with programs that answer as Docker, systemd and curl do. */
export class ScratchHost {
  readonly folder = mkdtempSync(join(tmpdir(), "metrics-"));
  readonly settings: MeasuredHost;

  constructor(settings: Partial<MeasuredHost> & { tls?: object } = {}) {
    const { tls = { kind: "private-ca" }, ...given } = settings;
    const variant = HostVariant.parse({ kind: "host", connection: { kind: "local" }, tls });
    this.settings = { variant, containerRegistry: { host: "registry.example.org:8443" }, ...given };
    for (const [name, text] of Object.entries({ docker, systemctl, curl }))
      this.program(name, text.replaceAll("\t/etc", `\t${this.folder}/etc`));
    for (const path of ["srv/data/registry", "etc/container-registry/caddy", "run"])
      mkdirSync(join(this.folder, path), { recursive: true });
  }

  /** A program on the path before all others. */
  program(name: string, script: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(join(this.folder, "bin", name), 0o755);
  }

  /** `at`: when the file was written, in seconds since 1970. */
  write(path: string, text = "", at = Date.now() / 1000): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, at, at);
  }

  /** Runs the program, and returns what the proxy would answer. */
  metrics({ sh, path }: Pick<Shell, "sh" | "path">): string {
    const program = metricsProgram(this.settings).replaceAll(/(?<==|"|-f |')\/(etc|srv|var)\//g, `${this.folder}/$1/`);
    const env = { PATH: `${join(this.folder, "bin")}:${path}`, TMPDIR: join(this.folder, "run") };
    execFileSync(sh, ["-c", program], { env, encoding: "utf8" });
    return readFileSync(join(this.folder, "etc/container-registry/caddy/host.prom"), "utf8");
  }
}
