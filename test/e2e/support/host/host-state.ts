import type { Machine } from "../../../../lab/hosts/machine.ts";

/** The program's files and folders on a host, one per line, with mode, owner and path, and for files size and time. */
export function hostFiles(machine: Machine): Promise<string> {
  return machine.run(
    `find /etc/container-registry /etc/systemd/system/container-registry.service /var/lib/container-registry \\
       ! -name lock \\( -type f -printf '%m %u:%g %s %T@ %p\\n' -o -printf '%m %u:%g %p\\n' \\) | sort --key 4`,
  );
}

/** All containers, one per line, each with its name, its id, its state and the time of its last start. */
export function containers(machine: Machine): Promise<string> {
  return machine.run(
    "docker ps --all --quiet | xargs -r docker inspect --format '{{.Name}} {{.Id}} {{.State.Status}} {{.State.StartedAt}}' | sort",
  );
}
