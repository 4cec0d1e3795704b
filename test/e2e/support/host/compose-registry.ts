import { type Machine, startMachine } from "../../../../lab/hosts/machine.ts";
import { testImage } from "../../../../lab/images/test-image.ts";
import { traefikImage } from "../../../../lab/images/traefik-image.ts";
import { loadImage } from "./registry-host-script.ts";

/** The Compose project's folder, with the images in `data` and the users in `dynamic/users`. */
export const folder = "/home/shop";

const compose = `services:
  traefik:
    image: traefik:3
    pull_policy: never
    restart: always
    ports: ["80:80", "443:443"]
    volumes: ["./traefik.yml:/etc/traefik/traefik.yml:ro", "./dynamic:/etc/traefik/dynamic:ro"]
  registry:
    image: registry:2
    pull_policy: never
    restart: always
    volumes: ["./data:/var/lib/registry"]
`;

const traefik = `entryPoints:
  web: { address: ":80" }
  websecure: { address: ":443" }
providers:
  file: { directory: /etc/traefik/dynamic }
`;

const routes = `http:
  routers:
    registry: { rule: "PathPrefix(\`/v2/\`)", entryPoints: [web], middlewares: [users], service: registry }
  middlewares:
    users: { basicAuth: { usersFile: /etc/traefik/dynamic/users } }
  services:
    registry: { loadBalancer: { servers: [{ url: "http://registry:5000" }] } }
`;

export type ComposeRegistry = {
  machine: Machine;
  /** The users' file, as `htpasswd -B` wrote it. */
  htpasswd: string;
  /** The digest of the image `repository`:1.0. */
  digest: string;
};

/** A machine with Traefik and registry:2 on a Compose network. Only Traefik publishes ports, and asks for a user's password. */
export async function startComposeRegistry(
  name: string,
  { repository, users }: { repository: string; users: Record<string, string> },
): Promise<ComposeRegistry> {
  const machine = await startMachine({ name, kind: "wiki" });
  await machine.run('docker tag "$1" registry:2', { args: [await loadImage(machine, "registry-v2")] });
  const { archive, id } = await traefikImage();
  await machine.copyTo(archive, "/root/traefik.tar");
  await machine.run('docker load --quiet --input /root/traefik.tar && docker tag "$1" traefik:3', { args: [id] });
  const put = (path: string, input: string) =>
    machine.run('mkdir -p "$(dirname "$1")" && cat >"$1"', { args: [`${folder}/${path}`], input });
  await put("compose.yaml", compose);
  await put("traefik.yml", traefik);
  await put("dynamic/registry.yml", routes);
  for (const [user, password] of Object.entries(users))
    await machine.run(`touch ${folder}/dynamic/users && htpasswd -iB ${folder}/dynamic/users "$1"`, {
      args: [user],
      input: password,
    });
  const digest = await machine.run(
    `docker run --detach --name seed --publish 127.0.0.1:5000:5000 --volume ${folder}/data:/var/lib/registry registry:2 >/dev/null
     timeout 60 sh -c 'until curl --silent --fail --output /dev/null http://127.0.0.1:5000/v2/; do sleep 0.1; done'
     loaded=$(docker load --input "$1" | sed -n 's/^Loaded image: //p')
     docker tag "$loaded" "localhost:5000/$2" && docker push --quiet "localhost:5000/$2" >/dev/null
     docker image inspect --format '{{index .RepoDigests 0}}' "localhost:5000/$2" | cut -d @ -f 2
     docker image rm --force "$loaded" "localhost:5000/$2" >/dev/null
     docker rm --force seed >/dev/null
     docker compose --project-directory ${folder} up --detach
     timeout 60 sh -c 'until [ "$(curl --silent --output /dev/null --write-out "%{http_code}" http://127.0.0.1/v2/)" = 401 ]; do sleep 0.1; done'`,
    { args: [await testImage(machine), `${repository}:1.0`] },
  );
  return { machine, htpasswd: await machine.run(`cat ${folder}/dynamic/users`), digest };
}
