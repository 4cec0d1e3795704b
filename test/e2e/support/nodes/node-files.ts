import type { Machine } from "../../../../lab/hosts/machine.ts";

/** The files and folders in which runtimes and people have settings: type, mode, owner, link target and content of each. */
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

/** Starts a fake unit with the name of a runtime that cannot be installed here. It records its starts and SIGHUPs. */
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

/**
 * Installs what reports that a fake k3s or RKE2 is Ready: the kubelet's health endpoint, and the kubectl of k3s and RKE2. They
 * report a failure while the file /var/lib/dressed/not-ready exists.
 */
export function dressedReady(machine: Machine): Promise<string> {
  return machine.run(
    `mkdir -p /var/lib/dressed /usr/local/bin /var/lib/rancher/rke2/bin
     cat >/usr/local/bin/k3s <<-'KUBECTL'
	#!/bin/sh
	[ ! -e /var/lib/dressed/not-ready ] || exit 1
	case "$*" in *nodeInfo.bootID*) echo "$(cat /proc/sys/kernel/random/boot_id) True" ;; esac
	KUBECTL
     cat >/var/lib/dressed/healthz <<-'HEALTHZ'
	#!/bin/sh
	while read -r line && [ "\${#line}" -gt 1 ]; do :; done
	[ ! -e /var/lib/dressed/not-ready ] || { printf 'HTTP/1.0 500 Error\\r\\n\\r\\n'; exit; }
	printf 'HTTP/1.0 200 OK\\r\\n\\r\\nok'
	HEALTHZ
     chmod 755 /usr/local/bin/k3s /var/lib/dressed/healthz
     cp /usr/local/bin/k3s /var/lib/rancher/rke2/bin/kubectl
     printf '[Socket]\\nListenStream=127.0.0.1:10248\\nAccept=yes\\n' >/etc/systemd/system/dressed-healthz.socket
     printf '[Service]\\nStandardInput=socket\\nExecStart=/var/lib/dressed/healthz\\n' >/etc/systemd/system/dressed-healthz@.service
     systemctl daemon-reload
     systemctl start dressed-healthz.socket`,
  );
}

/** The starts and SIGHUPs that a fake unit has recorded so far, as in `start hup`. */
export function befell(machine: Machine, unit: string): Promise<string> {
  return machine.run('paste -s -d " " "/var/lib/dressed/$1"', { args: [unit] });
}
