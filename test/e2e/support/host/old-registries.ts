import { type Machine, startMachine } from "../../../../lab/hosts/machine.ts";
import { type HostScript, hostScript, loadImage } from "./registry-host-script.ts";

/** A machine on which old registries are set up one after the other, and the script that takes them over. */
export interface OldRegistries extends AsyncDisposable {
  machine: Machine;
  host: HostScript;
  /** Removes the registry, and the old registry that was there before. */
  clear(): Promise<void>;
  /** All containers: name, state and restart policy. */
  containers(): Promise<string>;
  /** The containers with the times of their starts, and the services. */
  everything(): Promise<string>;
  /** The catalogue of the registry that listens on 127.0.0.1. */
  catalogue(port?: number): Promise<string>;
}

/** The catalogue of every old registry. */
export const listed = '{"repositories":["team/shop"]}';

/** The containers that run after this program has set the registry up. */
export const ours =
  "container-registry-proxy-1 running unless-stopped\ncontainer-registry-registry-1 running unless-stopped";

/** Shell commands that put the images of an old registry into /opt/old. */
export const images = "mkdir -p /opt/old && cp --archive /opt/seed/. /opt/old/";

/** Shell command that waits until an HTTP server answers on a port. */
export const answers = (port: number) =>
  `timeout 60 sh -c 'until curl --silent --output /dev/null http://127.0.0.1:${port}/v2/; do sleep 0.1; done'`;

/** Shell commands that start a Compose project of a proxy, which publishes ports, and a registry, which publishes none. */
export const composeProject = (folder: string) => `
  mkdir -p ${folder}
  printf ':80 {\n\treverse_proxy registry:5000\n}\n' >${folder}/Caddyfile
  cat >${folder}/compose.yaml <<'END'
services:
  proxy:
    image: caddy:2
    pull_policy: never
    restart: always
    ports: ["80:80", "443:443"]
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro"]
  registry:
    image: registry:2
    pull_policy: never
    restart: always
    volumes: ["/opt/old:/var/lib/registry"]
END
  docker compose --project-directory ${folder} --file ${folder}/compose.yaml up --detach
  timeout 60 sh -c 'until curl --silent --fail --output /dev/null http://127.0.0.1/v2/; do sleep 0.1; done'`;

export async function startOldRegistries({ name }: { name: string }): Promise<OldRegistries> {
  const machine = await startMachine({ name, kind: "wiki" });
  const host = await hostScript(machine);
  await machine.run(`docker tag "$1" registry:2 && docker tag "$2" caddy:2`, {
    args: [await loadImage(machine, "registry-v2"), await loadImage(machine, "proxy")],
  });
  await machine.run(seed);
  return {
    machine,
    host,
    clear: async () => {
      await host.remove();
      await machine.run(clear);
    },
    containers: () =>
      machine.run(`${inspect} '{{slice .Name 1}} {{.State.Status}} {{.HostConfig.RestartPolicy.Name}}' | sort`),
    everything: () =>
      machine.run(
        `${inspect} '{{.Name}} {{.State.Status}} {{.State.StartedAt}} {{.HostConfig.RestartPolicy.Name}}' | sort
         systemctl is-active caddy registry || :; systemctl is-enabled caddy registry 2>/dev/null || :`,
      ),
    catalogue: async (port = 5000) =>
      (await machine.attempt(`curl --silent --fail http://127.0.0.1:${port}/v2/_catalog`)).stdout.trim(),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

const inspect = "docker ps --all --quiet | xargs --no-run-if-empty docker inspect --format";

/** Shell commands that push an image into a registry in /opt/seed, and copy the program docker-registry out of its image. */
const seed = `
  docker run --detach --name seed --publish 127.0.0.1:5000:5000 --volume /opt/seed:/var/lib/registry registry:2
  until curl --silent --fail --output /dev/null http://127.0.0.1:5000/v2/; do sleep 0.1; done
  printf '{}' >/tmp/config
  digest=sha256:$(sha256sum </tmp/config | cut -d ' ' -f 1)
  url=http://127.0.0.1:5000/v2/team/shop
  location=$(curl --silent --fail --dump-header - --request POST "$url/blobs/uploads/" | sed -n 's/^Location: *//p' | tr -d '\r')
  curl --silent --fail --request PUT --header 'Content-Type: application/octet-stream' --data-binary @/tmp/config "$location&digest=$digest"
  type=application/vnd.oci.image
  printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"%s","size":2},"layers":[]}' \\
    $type.manifest.v1+json $type.config.v1+json "$digest" >/tmp/manifest
  curl --silent --fail --request PUT --header "Content-Type: $type.manifest.v1+json" --data-binary @/tmp/manifest "$url/manifests/1.0"
  docker cp seed:/bin/registry /usr/local/bin/docker-registry
  docker cp seed:/etc/docker/registry/config.yml /etc/registry-config.yml
  docker rm --force seed`;

const clear = `
  docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes
  docker volume ls --quiet | xargs --no-run-if-empty docker volume rm
  docker network prune --force
  systemctl disable --now caddy registry 2>/dev/null || :
  rm -rf /etc/systemd/system/registry.service /opt/old /srv/data /var/lib/container-registry /home/registry /opt/container-registry
  systemctl daemon-reload`;
