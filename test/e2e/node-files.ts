import type { Machine } from "../../lab/machine.ts";

/** All that lies where runtimes and people keep their settings: type, mode, owner, link and content of each, a line each. */
export function nodeFiles(machine: Machine, folders = "/etc /var/snap/microk8s/current"): Promise<string> {
  return machine.run(
    `for folder in $1; do
       [ -d "$folder" ] || continue
       find "$folder" -printf '%p %y %m %U:%G %l\\n'
       find "$folder" -type f -exec sha256sum {} +
     done | LC_ALL=C sort`,
    { args: [folders] },
  );
}

/** A unit that counts its starts, each once it has ended, and its SIGHUPs, dressed as a runtime that cannot be had here. */
export function dressedUnit(machine: Machine, unit: string): Promise<string> {
  return machine.run(
    `mkdir -p /var/lib/dressed
     cat >"/etc/systemd/system/$1.service" <<-UNIT
	[Service]
	Type=notify
	NotifyAccess=all
	ExecStart=/bin/sh -c 'trap "echo hup >>/var/lib/dressed/$1" HUP; echo start >>/var/lib/dressed/$1; systemd-notify --ready; while :; do sleep 3600 & wait; done'
	ExecReload=/bin/kill -s HUP \\$MAINPID
	UNIT
     systemctl daemon-reload
     systemctl start "$1"`,
    { args: [unit] },
  );
}

/** What befell a dressed unit so far, as in `start hup`. */
export function befell(machine: Machine, unit: string): Promise<string> {
  return machine.run('paste -s -d " " "/var/lib/dressed/$1"', { args: [unit] });
}
