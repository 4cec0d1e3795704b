import { registryImage } from "../images/registry-images.ts";
import { testImage } from "../images/test-image.ts";
import { type Machine, startMachine } from "./machine.ts";

/** A machine with a registry that somebody set up by hand years ago, following a wiki page. */
export interface LegacyHost extends AsyncDisposable {
  machine: Machine;
  host: string;
  /** The PEM text of the CA that Caddy created. */
  ca: string;
  account: { name: string; password: string };
  /** An image in the registry, `HOST/REPOSITORY:TAG`, and its digest. */
  image: { reference: string; digest: string };
}

/** Starts the host: registry:2 in a container, Caddy as a system service in front of it, one account and one pushed image. */
export async function startLegacyHost({ name }: { name: string }): Promise<LegacyHost> {
  const host = `${name}.lab.test`;
  const account = { name: "ci", password: "from-the-wiki" };
  const machine = await startMachine({ name, kind: "wiki" });

  const { archive, id } = await registryImage("registry-v2");
  await machine.copyTo(archive, "/root/registry.tar");
  await machine.run(`docker load --input /root/registry.tar && docker tag ${id} registry:2 && rm /root/registry.tar`);
  await machine.run(
    `docker run -d --restart=always --name registry -p 127.0.0.1:5000:5000 -v /opt/registry/data:/var/lib/registry registry:2
     hash=$(caddy hash-password --plaintext "$2")
     printf '%s {\\n\\ttls internal\\n\\tbasicauth {\\n\\t\\tci %s\\n\\t}\\n\\treverse_proxy localhost:5000\\n}\\n' "$1" "$hash" >/etc/caddy/Caddyfile
     systemctl enable --now caddy`,
    { args: [host, account.password] },
  );
  const repository = "docker-internal/p2c/shop";
  const digest = await machine.run(
    `until curl --silent --fail --output /dev/null http://127.0.0.1:5000/v2/; do sleep 0.1; done
     loaded=$(docker load --input "$1" | sed -n 's/^Loaded image: //p')
     docker tag "$loaded" "localhost:5000/$2"
     docker push --quiet "localhost:5000/$2" >/dev/null
     docker image inspect --format '{{index .RepoDigests 0}}' "localhost:5000/$2" | cut -d @ -f 2
     docker image rm --force "$loaded" "localhost:5000/$2" >/dev/null`,
    { args: [await testImage(machine), `${repository}:1.0`] },
  );
  const root = "/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt";
  const ca = await machine.run(`timeout 20 sh -c 'until [ -s ${root} ]; do sleep 0.1; done' && cat ${root}`);
  return {
    machine,
    host,
    ca: `${ca}\n`,
    account,
    image: { reference: `${host}/${repository}:1.0`, digest },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}
