import type { Machine } from "../../../../lab/hosts/machine.ts";

/** What the program keeps on a host, a line each: folders, and files by mode, owner, size, time and path. */
export function hostFiles(machine: Machine): Promise<string> {
  return machine.run(
    `find /etc/container-registry /etc/systemd/system/container-registry.service /var/lib/container-registry \\
       ! -name lock \\( -type f -printf '%m %u:%g %s %T@ %p\\n' -o -printf '%m %u:%g %p\\n' \\) | sort --key 4`,
  );
}

/** Every container, a line each: its name, its id, its state, and when it last started. */
export function containers(machine: Machine): Promise<string> {
  return machine.run(
    "docker ps --all --quiet | xargs -r docker inspect --format '{{.Name}} {{.Id}} {{.State.Status}} {{.State.StartedAt}}' | sort",
  );
}
