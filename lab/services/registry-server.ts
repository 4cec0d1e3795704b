import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hash } from "bcryptjs";
import { addressIn } from "../docker/container.ts";
import { docker, dockerSays, label } from "../docker/docker.ts";
import { machineImages } from "../images/machine-image.ts";
import { registryImage } from "../images/registry-images.ts";
import { startLab } from "../lab.ts";
import { LabError } from "../lab-error.ts";
import { addresses, network } from "../network/network.ts";
import { stateDirectory } from "../state.ts";
import { issueCertificate, newCa } from "./ca.ts";

export type RegistryServerOptions = {
  /** `<name>.lab.test` is where it answers, on port 443. */
  name: string;
  /** Name to password; who is not among them may not even pull. @default none: open to all */
  accounts?: Record<string, string>;
};

/** Somebody else's registry: distribution with a private CA and, if asked for, htpasswd. */
export interface RegistryServer extends AsyncDisposable {
  host: string;
  /** Of its private CA, PEM; the file holds the same. */
  ca: string;
  caFile: string;
  /** Copies an archive into a repository, as the first of its accounts, and gives `HOST/REPOSITORY@sha256:…`. */
  push(archive: string, repository: string): Promise<string>;
}

/** Starts a registry of an organisation, or one to pull the lab's images from. */
export async function startRegistryServer({ name, accounts = {} }: RegistryServerOptions): Promise<RegistryServer> {
  const { dns } = await startLab();
  const host = `${name}.lab.test`;
  const container = `container-registry-lab-${name}`;
  const folder = join(stateDirectory(), "registries", name);
  await docker(["rm", "--force", "--volumes", container]);
  const { ca } = await writeFiles(folder, host, accounts);

  const { tag } = await registryImage("registry");
  const at = ["--name", container, "--network", network, "--label", label, "--volume", `${folder}:/etc/lab:ro`];
  const environment = { ...server, ...(Object.keys(accounts).length > 0 && htpasswd) };
  const variables = Object.entries(environment).flatMap(([key, value]) => ["--env", `REGISTRY_${key}=${value}`]);
  await docker(["run", "--detach", ...at, ...variables, tag]);
  await dns.add(host, await addressIn(network, container));
  await listening(container);

  return {
    host,
    ca,
    caFile: join(folder, "ca.crt"),
    push: (archive, repository) => push(archive, `${host}/${repository}`, folder),
    [Symbol.asyncDispose]: async () => {
      await docker(["rm", "--force", "--volumes", container]);
      await dns.remove(host);
      await rm(folder, { recursive: true });
    },
  };
}

const server = {
  HTTP_ADDR: ":443",
  HTTP_TLS_CERTIFICATE: "/etc/lab/certificate.pem",
  HTTP_TLS_KEY: "/etc/lab/key.pem",
  STORAGE_DELETE_ENABLED: "true",
};

const htpasswd = { AUTH: "htpasswd", AUTH_HTPASSWD_REALM: "Registry", AUTH_HTPASSWD_PATH: "/etc/lab/htpasswd" };

async function writeFiles(folder: string, host: string, accounts: Record<string, string>): Promise<{ ca: string }> {
  const authority = await newCa(`Private CA of ${host}`);
  const own = await issueCertificate(authority, [host]);
  const entries = Object.entries(accounts);
  const [first] = entries;
  const lines = await Promise.all(entries.map(async ([name, password]) => `${name}:${await hash(password, 5)}\n`));
  const login = first && { [host]: { auth: Buffer.from(first.join(":")).toString("base64") } };
  await mkdir(folder, { recursive: true });
  const files = {
    "ca.crt": authority.certificate,
    "certificate.pem": own.certificate,
    "key.pem": own.key,
    htpasswd: lines.join(""),
    "auth.json": JSON.stringify({ auths: login ?? {} }),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text, { mode: 0o600 });
  return { ca: authority.certificate };
}

async function listening(container: string): Promise<void> {
  for (let tries = 100; tries > 0; tries--) {
    if (await dockerSays(["exec", container, "nc", "-w", "1", "127.0.0.1", "443"])) return;
    await sleep(100);
  }
  throw new LabError(`the registry ${container} does not answer; see \`docker logs ${container}\``);
}

/** By skopeo in a container, which keeps the image's configuration, and so its id, as it is. */
async function push(archive: string, repository: string, folder: string): Promise<string> {
  const { client } = await machineImages();
  const mounts = ["--volume", `${archive}:/image.tar:ro`, "--volume", `${folder}:/etc/lab:ro`];
  const options = [
    "--quiet",
    "--dest-cert-dir",
    "/etc/lab",
    "--authfile",
    "/etc/lab/auth.json",
    "--digestfile",
    "/digest",
  ];
  const copy = `skopeo copy ${options.join(" ")} docker-archive:/image.tar docker://"$1":latest && cat /digest`;
  const run = ["run", "--rm", "--network", network, "--dns", addresses.dns, ...mounts, client];
  return `${repository}@${await docker([...run, "sh", "-c", copy, "sh", repository])}`;
}
