import { execa } from "execa";
import { docker } from "../docker/docker.ts";
import { LabError } from "../lab-error.ts";

/** The version of cgroups that Docker's containers have. Version 1 is what Linux had before about 2021. */
export async function cgroupVersion(): Promise<"1" | "2"> {
  return (await docker(["info", "--format", "{{.CgroupVersion}}"])) === "2" ? "2" : "1";
}

/**
 * Options of `docker run` that systemd and dockerd need in a container. `--privileged` is not used: it fails on machines that
 * lack some of its capabilities.
 */
export function systemdOptions(cgroups: "1" | "2"): string[] {
  return [
    ...capabilities.flatMap((capability) => ["--cap-add", capability]),
    ...["seccomp", "apparmor", "systempaths"].flatMap((filter) => ["--security-opt", `${filter}=unconfined`]),
    ...["--device-cgroup-rule", "a *:* rwm", ...cgroupOptions[cgroups]],
    ...["--tmpfs", "/run", "--tmpfs", "/tmp:exec", "--volume", "/var/lib/docker"],
  ];
}

const capabilities = [
  "SYS_ADMIN",
  "NET_ADMIN",
  "SYS_PTRACE",
  "NET_RAW",
  "SYS_MODULE",
  "MKNOD",
  "SYS_CHROOT",
  "DAC_READ_SEARCH",
  "SYSLOG",
];

/**
 * With version 2 a container has cgroups of its own, which `boot` in the machine's image makes writable. In the host's cgroups,
 * a Docker in the container would create those of its own containers beside it.
 */
const cgroupOptions = {
  "1": ["--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"],
  "2": ["--cgroupns", "private"],
};

/** Waits until systemd in a container has started every unit. */
export async function booted(container: string): Promise<void> {
  const wait = "until [ -S /run/systemd/private ]; do sleep 0.05; done; systemctl is-system-running --wait";
  const { stdout } = await execa("docker", ["exec", container, "timeout", "120", "sh", "-c", wait], { reject: false });
  if (stdout === "running") return;
  const failed = await docker(["exec", container, "systemctl", "--failed", "--no-legend", "--plain"]);
  throw new LabError(`the machine ${container} did not boot (${stdout || "no answer in 120 s"}): ${failed}`);
}
