import { containerd as containerdPrograms, crictl } from "../../../../lab/cluster/programs.ts";
import { dockerPlatform } from "../../../../lab/docker/docker-platform.ts";
import { goBinary } from "../../../../lab/go/go-build.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";

/** A program on a node that pulls images, as the kubelet or a person uses it. */
export type Reader = {
  /** The name of the reader's node in the stack file; the next key is its runtime. */
  name: string;
  runtime: "containerd" | "microk8s" | "docker" | "cri-o";
  machine: Machine;
  /** The systemd unit of the runtime, which must not be restarted. For CRI-O it is a fake unit. */
  unit: string;
  /** Shell command that removes the image `$1`, if it is there, and pulls it. */
  pull: string;
};

/**
 * Readers on a machine of kind `client`: Debian's containerd 1.6 and Docker 20.10. skopeo represents CRI-O, because both use the
 * same library.
 */
export async function olderReaders(machine: Machine): Promise<Reader[]> {
  await machine.copyTo(await goBinary(crictl, await dockerPlatform()), "/usr/local/bin/crictl");
  await machine.run("chmod 0755 /usr/local/bin/crictl");
  return [
    {
      name: "containerd-1",
      runtime: "containerd",
      machine,
      unit: "containerd",
      pull: pullByCrictl("/run/containerd/containerd.sock"),
    },
    {
      name: "docker",
      runtime: "docker",
      machine,
      unit: "docker",
      pull: 'docker image rm --force "$1" >/dev/null 2>&1 || :; docker pull "$1"',
    },
    {
      name: "cri-o",
      runtime: "cri-o",
      machine,
      unit: "crio",
      pull: 'image=$(mktemp --directory); skopeo copy docker://"$1" dir:"$image"; rm -r "$image"',
    },
  ];
}

const snap = "/var/snap/microk8s";

/**
 * Readers on a machine of kind `bare`: containerd 2.2.1, and the same containerd with the files and the unit name of
 * microk8s.
 */
export async function newerReaders(machine: Machine): Promise<Reader[]> {
  for (const program of [...containerdPrograms, crictl]) {
    await machine.copyTo(await goBinary(program, await dockerPlatform()), `/usr/local/bin/${program.binary}`);
    await machine.run('chmod 0755 "/usr/local/bin/$1"', { args: [program.binary] });
  }
  await startContainerd(machine, {
    unit: "containerd",
    config: "/etc/containerd/config.toml",
    certs: "/etc/containerd/certs.d",
    socket: "/run/containerd/containerd.sock",
    root: "/var/lib/containerd",
  });
  await startContainerd(machine, {
    unit: "snap.microk8s.daemon-containerd",
    config: `${snap}/current/args/containerd.toml`,
    certs: `${snap}/current/args/certs.d`,
    socket: `${snap}/common/run/containerd.sock`,
    root: `${snap}/common/var/lib/containerd`,
  });
  return [
    {
      name: "containerd-2",
      runtime: "containerd",
      machine,
      unit: "containerd",
      pull: pullByCrictl("/run/containerd/containerd.sock"),
    },
    {
      name: "microk8s",
      runtime: "microk8s",
      machine,
      unit: "snap.microk8s.daemon-containerd",
      pull: pullByCrictl(`${snap}/common/run/containerd.sock`),
    },
  ];
}

type Containerd = Record<"unit" | "config" | "certs" | "socket" | "root", string>;

function startContainerd(machine: Machine, { unit, config, certs, socket, root }: Containerd): Promise<string> {
  return machine.run(
    `unit=$1 config=$2 certs=$3 socket=$4 root=$5
     mkdir -p "$certs" "$(dirname "$socket")" "$root"
     cat >"$config" <<-CONFIG
	version = 3
	root = '$root'
	state = '/run/$unit-state'
	[grpc]
	address = '$socket'
	[plugins.'io.containerd.cri.v1.images'.registry]
	config_path = '$certs'
	CONFIG
     cat >"/etc/systemd/system/$unit.service" <<-UNIT
	[Service]
	Type=notify
	ExecStart=/usr/local/bin/containerd --config $config
	Restart=always
	RestartSec=1
	UNIT
     systemctl daemon-reload
     systemctl start "$unit"`,
    { args: [unit, config, certs, socket, root] },
  );
}

function pullByCrictl(socket: string): string {
  const crictl = `crictl --runtime-endpoint unix://${socket}`;
  return `${crictl} rmi "$1" >/dev/null 2>&1 || :; ${crictl} pull "$1"`;
}
