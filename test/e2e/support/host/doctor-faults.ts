import { vi } from "vitest";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import { startLab } from "../../../../lab/lab.ts";
import { addresses } from "../../../../lab/network/network.ts";
import type { RegistryStack } from "./registry-stack.ts";

/** The registry's host, which is a node for its own Docker, and a machine with a fake k3s. */
export type Patient = { registry: RegistryStack; k3s: Machine };

/** Something that goes wrong in a live stack. */
export type Fault = {
  name: string;
  seed(patient: Patient): Promise<unknown>;
  /** The id of the check that has to find it. */
  check: string;
  /** What mends it where doctor prints a step, not a command. @default the command that doctor prints */
  mend?(patient: Patient): Promise<unknown>;
};

const folder = "/etc/container-registry";
const inHost = (script: string) => (patient: Patient) => patient.registry.machine.run(script);
const inK3s = (script: string) => (patient: Patient) => patient.k3s.run(script);

/** Edits a file where it is, since in a lab machine /etc/hosts is a mount point. */
const edit = (path: string, sed: string) => `text=$(sed '${sed}' ${path}) && printf '%s\\n' "$text" >${path}`;

const reload = `docker compose -f ${folder}/compose.yaml exec -T proxy caddy reload --force --config /etc/caddy/Caddyfile --adapter caddyfile --address unix//run/caddy/admin.sock </dev/null`;

/** Faults that are there at the same time: none explains another one, so that doctor names each. */
export const rounds: Fault[][] = [
  [
    {
      name: "distribution stopped",
      seed: inHost("docker stop container-registry-registry-1"),
      check: "container-not-running",
    },
    {
      name: "the unit disabled",
      seed: inHost("systemctl disable container-registry.service"),
      check: "unit-disabled",
    },
    {
      name: "registries.yaml emptied",
      seed: inK3s(": >/etc/rancher/k3s/registries.yaml"),
      check: "entry-missing",
    },
    {
      name: "an expired account",
      seed: ({ registry: { stack } }) => stack.setConfig({ accounts: [jenkins, { ...dana, expires: "2026-01-31" }] }),
      check: "account-expired",
      mend: ({ registry: { stack } }) => stack.setConfig({ accounts: [jenkins, dana] }),
    },
  ],
  [
    {
      name: "the proxy's container removed",
      seed: inHost("docker rm --force container-registry-proxy-1"),
      check: "container-not-running",
    },
    {
      name: "passwords that everybody may read",
      seed: inHost(`chmod 0644 ${folder}/caddy/accounts.caddy`),
      check: "file-changed",
    },
    { name: "k3s stopped", seed: inK3s("systemctl stop k3s"), check: "runtime-down" },
  ],
  [
    {
      name: "distribution hangs behind the proxy",
      seed: inHost("docker kill --signal STOP container-registry-registry-1"),
      check: "storage-does-not-answer",
    },
    {
      name: "a k3s restart due",
      seed: inK3s(
        "systemctl show -p MainPID,ExecMainStartTimestampMonotonic k3s | paste -s -d ' ' - >$(ls -d /var/lib/container-registry/trust-*)/restart-due",
      ),
      check: "restart-due",
    },
  ],
  [
    {
      name: "the Caddyfile edited by hand",
      seed: inHost(`sed -i '1i # edited by hand' ${folder}/caddy/Caddyfile`),
      check: "file-changed",
    },
    {
      name: "a hosts entry gone",
      seed: ({ registry: { machine, host } }) => machine.run(edit("/etc/hosts", `/ ${host}/d`)),
      check: "entry-missing",
    },
    {
      name: "a node gone",
      seed: inK3s("systemctl stop ssh.socket ssh.service"),
      check: "node-unreachable",
      mend: inK3s("systemctl start ssh.service"),
    },
    {
      name: "DNS to another machine",
      seed: ({ registry }) => nameLeadsTo(registry, addresses.dns),
      check: "name-leads-elsewhere",
      mend: ({ registry }) => nameLeadsTo(registry, registry.machine.address),
    },
  ],
  [
    {
      name: "an accounts file of yesterday",
      seed: inHost(`sed -i 's/\\(\\$2[aby]\\$[0-9]*\\$\\)..../\\1AAAA/' ${folder}/caddy/accounts.caddy && ${reload}`),
      check: "file-changed",
    },
    {
      name: "a clock off by ten minutes",
      seed: async () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 }),
      check: "clock-differs",
      mend: async () => vi.useRealTimers(),
    },
    {
      name: "a disk with 8 % free",
      seed: inHost(
        `fill=$(($(df --output=size -k /srv/data | tail -n 1) * 92 / 100)) && head -c "$fill"K /dev/zero >/srv/data/filler`,
      ),
      check: "disk-nearly-full",
      mend: inHost("rm /srv/data/filler"),
    },
  ],
  [
    {
      name: "a disk at 100 %",
      seed: inHost("cat /dev/zero >/srv/data/filler || :"),
      check: "disk-full",
      mend: inHost("rm /srv/data/filler"),
    },
    {
      name: "another CA on a node",
      seed: otherCa,
      check: "file-changed",
    },
    {
      name: "port 80 closed",
      seed: inHost("iptables -I INPUT ! -i lo -p tcp --dport 80 -j REJECT --reject-with tcp-reset"),
      check: "plain-http-not-redirected",
      mend: inHost("iptables -D INPUT ! -i lo -p tcp --dport 80 -j REJECT --reject-with tcp-reset"),
    },
  ],
  [
    {
      name: "read-only storage",
      seed: inHost("mount -o remount,ro /srv/data"),
      check: "storage-read-only",
    },
    {
      name: "a foreign entry that shadows ours",
      seed: ({ registry: { machine, host } }) => machine.run(edit("/etc/hosts", `1i 127.0.0.9 ${host}`)),
      check: "entry-shadowed",
      mend: ({ registry: { machine } }) => machine.run(edit("/etc/hosts", "/^127.0.0.9 /d")),
    },
    {
      name: "a port closed by a firewall",
      seed: inHost("iptables -I INPUT ! -i lo -p tcp --dport 443 -j REJECT --reject-with tcp-reset"),
      check: "no-connection",
      mend: inHost("iptables -D INPUT ! -i lo -p tcp --dport 443 -j REJECT --reject-with tcp-reset"),
    },
  ],
  [
    {
      name: "no inode left",
      seed: inHost(
        `mount -o remount,nr_inodes=$(($(df --output=iused /srv/data | tail -n 1) + 200)) /srv/data
         seq --format /srv/data/filler-%g 1000 | xargs touch 2>/dev/null || :`,
      ),
      check: "inodes-full",
      mend: inHost("rm /srv/data/filler-* && mount -o remount,nr_inodes=100000 /srv/data"),
    },
    {
      name: "a k3s that cannot start",
      seed: inK3s("systemctl mask --runtime --now k3s"),
      check: "runtime-down",
      mend: inK3s("systemctl unmask --runtime k3s && systemctl start k3s"),
    },
  ],
  [
    {
      name: "Docker stopped",
      seed: inHost("systemctl stop docker.socket docker.service"),
      check: "docker-down",
    },
    {
      name: "which a node's runtime is, too",
      seed: async () => undefined,
      check: "runtime-down",
    },
    {
      name: "an IPv6 address alone in DNS",
      seed: ({ registry }) => nameLeadsTo(registry, "fd00:77::5"),
      check: "name-leads-elsewhere",
      mend: ({ registry }) => nameLeadsTo(registry, registry.machine.address),
    },
  ],
];

const jenkins = { name: "jenkins", push: ["**"], delete: ["**"] };
const dana = { name: "dana", push: ["dana/**"] };
export const accounts = [jenkins, dana];

/** Writes another CA over the one by which the host's Docker trusts the registry. */
export async function otherCa({ registry: { machine, host } }: Patient): Promise<void> {
  await machine.run(
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=other -keyout /dev/null -out /etc/docker/certs.d/${host}/ca.crt`,
  );
}

async function nameLeadsTo({ host }: RegistryStack, address: string): Promise<void> {
  await (await startLab()).dns.add(host, address);
}
