import { containerd as containerdPrograms, crictl } from "../../../../lab/cluster/programs.ts";
import { goBinary } from "../../../../lab/go/go-build.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";

/** A program of a node that pulls, as the kubelet or a person would have it pull. */
export type Reader = {
  /** Its node's name and runtime in the stack file. */
  name: string;
  runtime: "containerd" | "microk8s" | "docker" | "cri-o";
  machine: Machine;
  /** The unit that must not be restarted. CRI-O's is dressed. */
  unit: string;
  /** Takes the image away where it is there, then pulls `$1`. */
  pull: string;
};

/** Debian's containerd 1.6 and Docker 20.10, and skopeo for CRI-O, whose library it shares. A machine of kind `client`. */
export async function olderReaders(machine: Machine): Promise<Reader[]> {
  await machine.copyTo(await goBinary(crictl), "/usr/local/bin/crictl");
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

/** containerd 2.2.1 twice: as anybody's, and dressed as microk8s's. A machine of kind `bare`. */
export async function newerReaders(machine: Machine): Promise<Reader[]> {
  for (const program of [...containerdPrograms, crictl]) {
    await machine.copyTo(await goBinary(program), `/usr/local/bin/${program.binary}`);
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
