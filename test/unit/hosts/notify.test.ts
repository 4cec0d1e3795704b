import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { notifyProgram } from "../../../hosts/notify/notify-program.ts";
import { Backup } from "../../../settings/backup.ts";
import type { Notify } from "../../../settings/notify.ts";
import { ScratchHost } from "./metrics/measured-host.ts";
import { type Shell, shells } from "./shells.ts";

const backup = Backup.parse({ to: { kind: "directory", path: "/mnt/backup" }, schedule: "hourly" });
const day = 86_400;
const now = () => Math.floor(Date.now() / 1000);

let host: ScratchHost;
afterEach(() => rmSync(host.folder, { recursive: true, force: true }));

/** A host on which nothing is wrong, and whose program `page` keeps what it was told. */
function healthyHost(): ScratchHost {
  const healthy = new ScratchHost({ backup });
  healthy.program(
    "docker",
    'case "$1" in ps) echo "aaa	proxy	F"; echo "bbb	registry	F" ;; inspect) echo running ;; esac',
  );
  healthy.program("systemctl", "echo inactive");
  healthy.program("curl", "exit 0");
  healthy.program(
    "df",
    'echo Filesystem; [ "$2" = -i ] && echo "d 1000 100 900 10% /" || echo "d 1000000 100000 900000 10% /"',
  );
  healthy.program("page", `cat >>${healthy.folder}/told.txt`);
  healthy.write("var/lib/container-registry-backup/last-backup", "{}");
  healthy.write("var/lib/container-registry-backup/last-verify", '{"problems":0}');
  healthy.write("etc/container-registry/notify/stack.prom");
  return healthy;
}

/** Runs the program, and returns the messages of this run. */
function told({ sh, path }: Shell, notify: Notify = command(), ...args: string[]): string[] {
  const settings = { ...host.settings, notify, accounts: [], rotations: {} };
  const program = notifyProgram(settings)
    .replaceAll(/(?<==|"|-f |')\/(etc|srv|var)\//g, `${host.folder}/$1/`)
    .replace("again_seconds=60", "again_seconds=0");
  const compose = `${host.folder}/etc/container-registry/compose.yaml`;
  const docker = readFileSync(join(host.folder, "bin/docker"), "utf8");
  host.program("docker", docker.replaceAll(/\tF"/g, `\t${compose}"`));
  const file = join(host.folder, "told.txt");
  rmSync(file, { force: true });
  const env = { PATH: `${join(host.folder, "bin")}:${path}`, TMPDIR: join(host.folder, "run") };
  execFileSync(sh, ["-c", program, "notify", ...args], { env, encoding: "utf8" });
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

function command(): Notify {
  return { kind: "command", command: join(host.folder, "bin/page") };
}

/** What curl prints of a certificate that is valid from so many days on, and for so many days. */
function shownCertificate(...days: [from: number, to: number]): string {
  const [from, to] = days.map((each) => new Date((now() + each * day) * 1000).toUTCString().split(" "));
  const date = (words: string[] = []) => `${words[2]} ${words[1]} ${words[4]} ${words[3]} GMT`;
  return `printf '*  start date: ${date(from)}\\n*  expire date: ${date(to)}\\n' >&2`;
}

const faults: [what: string, message: string, make: (host: ScratchHost) => void][] = [
  ["a registry that does not answer", "does not answer", (host) => host.program("curl", "exit 7")],
  [
    "a container that does not run",
    "the container registry does not run",
    (host) =>
      host.program(
        "docker",
        'case "$1" in ps) echo "aaa	proxy	F"; echo "bbb	registry	F" ;; inspect) [ "$4" = aaa ] && echo running ;; esac',
      ),
  ],
  [
    "a full disk",
    "has 39 MiB left",
    (host) => host.program("df", '[ "$2" = -i ] || { echo Filesystem; echo "d 1000000 960000 40000 96% /"; }'),
  ],
  [
    "a file system without inodes",
    "hardly any inodes left",
    (host) => host.program("df", 'echo Filesystem; [ "$2" = -i ] && echo "d 1000 999 1 99% /" || echo "d 10 1 9 1% /"'),
  ],
  [
    "a certificate that was not renewed",
    "the certificate ends in 9 days",
    (host) => {
      host.program("curl", shownCertificate(-80, 9.5));
    },
  ],
  [
    "a certificate of six days that was not renewed",
    "the certificate ends in 1 days",
    (host) => {
      host.program("curl", shownCertificate(-4.6, 1.4));
    },
  ],
  [
    "an account that ends soon",
    "the account team-a stops working in 3 days; set accounts[].expires",
    (host) =>
      host.write(
        "etc/container-registry/notify/stack.prom",
        `container_registry_account_expiry_timestamp_seconds{account="team-a"} ${now() + 3.5 * day}\n`,
      ),
  ],
  [
    "an old password",
    "rotate --account team-a",
    (host) =>
      host.write(
        "etc/container-registry/notify/stack.prom",
        `container_registry_rotation_due_timestamp_seconds{account="team-a"} ${now() - 60}\n`,
      ),
  ],
  [
    "a late backup",
    "the last backup was 14 hours ago; npm run -s registry -- backup",
    (host) => host.write("var/lib/container-registry-backup/last-backup", "{}", now() - 14 * 3600),
  ],
  [
    "a damaged backup",
    "found 3 problems",
    (host) => host.write("var/lib/container-registry-backup/last-verify", '{"problems":3}'),
  ],
  [
    "a run that failed",
    "the last run of container-registry-backup.service failed; sudo journalctl",
    (host) => {
      host.write("etc/systemd/system/container-registry-backup.service");
      host.program("systemctl", "echo failed");
    },
  ],
];

describe.each(shells)("a registry host that notifies, with $name", (shell) => {
  it("says nothing while nothing is wrong", () => {
    host = healthyHost();
    expect(told(shell)).toEqual([]);
  });

  it.each(faults)("tells of %s, once a day, and again when it comes back", (_what, message, make) => {
    host = healthyHost();
    make(host);
    expect(told(shell)).toEqual([expect.stringContaining(`registry.example.org: `)]);
    rmSync(join(host.folder, "var/lib/container-registry/told"), { recursive: true });
    expect(told(shell)).toEqual([expect.stringContaining(message)]);
    expect(told(shell)).toEqual([]);
    const [id = ""] = readdirSync(join(host.folder, "var/lib/container-registry/told"));
    host.write(`var/lib/container-registry/told/${id}`, "", now() - day);
    expect(told(shell)).toEqual([expect.stringContaining(message)]);
  });

  it("tries again in an hour where a message cannot be sent", () => {
    host = healthyHost();
    host.program("curl", "exit 7");
    host.program("page", "exit 1");
    expect(() => told(shell)).toThrow();
    host.program("page", `cat >>${host.folder}/told.txt`);
    expect(told(shell)).toHaveLength(1);
  });

  it("forgets what has ended", () => {
    host = healthyHost();
    host.program("curl", "exit 7");
    expect(told(shell)).toHaveLength(1);
    host.program("curl", "exit 0");
    expect(told(shell)).toEqual([]);
    host.program("curl", "exit 7");
    expect(told(shell)).toHaveLength(1);
  });

  it("sends a test message", () => {
    host = healthyHost();
    expect(told(shell, command(), "--test")).toEqual([expect.stringContaining("registry.example.org: this is a test")]);
  });

  it("sends JSON to a webhook, whose URL no argument shows", () => {
    host = healthyHost();
    host.write("etc/container-registry/notify/url", 'https://hooks.example.org/a"b\n');
    host.program(
      "curl",
      `cat >${host.folder}/config; echo "$*" >${host.folder}/args; cat ${host.folder}/run/*/body >${host.folder}/told.txt`,
    );
    expect(JSON.parse(told(shell, { kind: "webhook" }, "--test")[0] ?? "")).toEqual({
      text: expect.stringContaining("this is a test"),
    });
    expect(readFileSync(join(host.folder, "config"), "utf8")).toBe('url = "https://hooks.example.org/a\\"b"\n');
    expect(readFileSync(join(host.folder, "args"), "utf8")).not.toContain("hooks.example.org");
  });

  it("sends mail by msmtp", () => {
    host = healthyHost();
    host.program("msmtp", `echo "$*" >${host.folder}/told.txt; cat >>${host.folder}/told.txt`);
    const mail = told(shell, { kind: "email", to: "ops@example.org" }, "--test");
    expect(mail[0]).toContain("ops@example.org");
    expect(mail).toContain("Subject: registry.example.org needs attention");
    expect(mail.at(-1)).toContain("this is a test");
  });
});
