import { coredns } from "../cluster/programs.ts";
import { isRunning } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import { dockerPlatform } from "../docker/docker-platform.ts";
import { goBinary } from "../go/go-build.ts";
import { machineImage } from "../images/machine-image.ts";
import { dnsContainer } from "./dns.ts";

const container = "container-registry-lab-nip-io";
const port = 1053;

/**
 * Lets the lab's DNS resolve `a.192.0.2.1.nip.io` and `a-192-0-2-1.nip.io` to 192.0.2.1, as the real nip.io does. CoreDNS runs
 * in the network namespace of the lab's DNS server and forwards all other names to it.
 */
export async function startNipIo(): Promise<void> {
  const behind = await docker(["container", "inspect", "--format", "container:{{.Id}}", dnsContainer]);
  if ((await isRunning(container)) && (await networkOf(container)) === behind) return;
  await docker(["rm", "--force", container]);
  const bare = await machineImage("bare");
  const program = ["--volume", `${await goBinary(coredns, await dockerPlatform())}:/usr/local/bin/coredns:ro`];
  const run = ["run", "--detach", "--name", container, "--network", behind, "--label", label, "--cap-add", "NET_ADMIN"];
  await docker([...run, ...program, bare, "sh", "-ec", script, "sh", corefile]);
}

function networkOf(name: string): Promise<string> {
  return docker(["container", "inspect", "--format", "{{.HostConfig.NetworkMode}}", name]);
}

/**
 * Shell script that starts CoreDNS and redirects DNS queries to it by iptables. The lab's own DNS server keeps listening on port
 * 53. The redirect is added only after CoreDNS listens, because the lab sends queries all the time.
 */
const script = `
  echo "$1" >/Corefile
  coredns -conf /Corefile &
  listens() { [ -n "$(ss --listening --numeric --no-header "$1" 'sport = :${port}')" ]; }
  until listens --tcp && listens --udp; do
    kill -0 $!
    sleep 0.05
  done
  for protocol in udp tcp; do
    iptables --table nat --append PREROUTING --protocol $protocol --dport 53 --jump REDIRECT --to-ports ${port}
  done
  wait`;

const octet = "[0-9]{1,3}";

const corefile = `
nip.io:${port} {
  errors
  template IN A {
    match (^|[.-])(?P<a>${octet})[.-](?P<b>${octet})[.-](?P<c>${octet})[.-](?P<d>${octet})[.]nip[.]io[.]$
    answer "{{ .Name }} 60 IN A {{ .Group.a }}.{{ .Group.b }}.{{ .Group.c }}.{{ .Group.d }}"
    fallthrough
  }
  template IN ANY {
    rcode NOERROR
  }
}
.:${port} {
  errors
  forward . 127.0.0.1:53
}
`;
