import { expect, it } from "vitest";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { systemdOptions } from "../../../lab/hosts/systemd-container.ts";
import { machineImage } from "../../../lab/images/machine-image.ts";
import { savedImage } from "../../../lab/images/saved-image.ts";
import { serviceImage } from "../../../lab/images/service-image.ts";
import { withWorld } from "../../with-world.ts";

/** A machine with a second Docker daemon, in a mount namespace where only the cgroups of version 2 are mounted. */
const machine = withWorld(async ({ use }) => {
  const machine = use(await startMachine({ name: "cgroup-v2" }));
  for (const [name, tag] of Object.entries({
    machine: await machineImage("docker"),
    service: await serviceImage("pebble-challtestsrv"),
  })) {
    const { archive } = await savedImage(`cgroup-v2-${name}`, tag);
    await machine.copyTo(archive, `/var/lib/docker/${name}.tar`);
  }
  await machine.run(
    `systemd-run --quiet --unit docker-v2 --property=PrivateMounts=yes sh -c '
       umount --recursive /sys/fs/cgroup
       mount -t cgroup2 none /sys/fs/cgroup
       containerd --address /run/v2-containerd.sock --root /var/lib/docker/v2-containerd --state /run/v2-containerd &
       exec dockerd --containerd /run/v2-containerd.sock --host unix:///run/v2.sock --data-root /var/lib/docker/v2 --exec-root /run/v2 --pidfile /run/v2.pid \\
         --bridge none --iptables=false'
     timeout 60 sh -c 'until docker -H unix:///run/v2.sock version >/dev/null 2>&1; do sleep 0.2; done'
     docker -H unix:///run/v2.sock load --quiet --input /var/lib/docker/machine.tar`,
    { timeoutSeconds: 300 },
  );
  return machine;
});

it("a machine on a Docker with cgroup v2 › boots, and runs containers in cgroups of its own", async () => {
  const options = [
    ...systemdOptions("2"),
    "--network",
    "none",
    "--volume",
    "/var/lib/docker/service.tar:/service.tar:ro",
  ];
  const output = await machine().run(
    `export DOCKER_HOST=unix:///run/v2.sock
     docker info --format 'cgroups {{.CgroupVersion}}'
     docker run --detach --name inner "$@" >/dev/null
     docker exec inner timeout 60 sh -c '
       until [ -S /run/systemd/private ] && systemctl is-active --quiet docker; do sleep 0.2; done
       docker load --quiet --input /service.tar | sed "s/.* //" >/tag
       docker run --detach --name service --network none "$(cat /tag)" -dnsserver :53 >/dev/null
       docker top service -o pid,args
       sed -n "s/^0:://p" /proc/1/cgroup'
     docker rm --force --volumes inner >/dev/null`,
    { args: [...options, await machineImage("docker")], timeoutSeconds: 200 },
  );
  const lines = output.split("\n");
  expect(lines).toContain("cgroups 2");
  // Docker finds no process of a container whose cgroup is elsewhere.
  expect(output).toMatch(/^\d+ +\/app -dnsserver :53$/m);
  expect(lines).toContain("/init.scope");
});
