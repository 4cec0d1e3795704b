import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hash } from "bcryptjs";
import { addressIn } from "../docker/container.ts";
import { docker, dockerSays, label } from "../docker/docker.ts";
import { machineImage } from "../images/machine-image.ts";
import { registryImage } from "../images/registry-images.ts";
import { startLab } from "../lab.ts";
import { LabError } from "../lab-error.ts";
import { addresses, network } from "../network/network.ts";
import { stateDirectory } from "../state.ts";
import { issueCertificate, newCa } from "./ca.ts";

export type RegistryServerOptions = {
  /** The registry's name. The registry serves `<name>.lab.test` on port 443. */
  name: string;
  /** Passwords by account name; without an account nobody may pull. @default none: everybody may pull and push */
  accounts?: Record<string, string>;
};

/** An existing registry that this project does not manage: distribution with a private CA and, with accounts, htpasswd. */
export interface RegistryServer extends AsyncDisposable {
  host: string;
  /** The PEM text of the private CA's certificate. The file `caFile` contains the same text. */
  ca: string;
  caFile: string;
  container: string;
  /** Changes the password of an account, or adds one. */
  setPassword(account: string, password: string): Promise<void>;
  /** Pushes an image archive with the registry's first account, and returns `HOST/REPOSITORY@sha256:…`. */
  push(archive: string, repository: string): Promise<string>;
}

/** Starts a registry that is not managed by this project, as an organisation may have one. */
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
    container,
    setPassword: async (account, password) => {
      accounts[account] = password;
      await writeFile(join(folder, "htpasswd"), await htpasswdOf(accounts));
    },
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
  const ca = await newCa(`Private CA of ${host}`);
  const own = await issueCertificate(ca, [host]);
  const entries = Object.entries(accounts);
  const [first] = entries;
  const login = first && { [host]: { auth: Buffer.from(first.join(":")).toString("base64") } };
  await mkdir(folder, { recursive: true });
  const files = {
    "ca.crt": ca.certificate,
    "certificate.pem": own.certificate,
    "key.pem": own.key,
    htpasswd: await htpasswdOf(accounts),
    "auth.json": JSON.stringify({ auths: login ?? {} }),
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text, { mode: 0o600 });
  return { ca: ca.certificate };
}

async function htpasswdOf(accounts: Record<string, string>): Promise<string> {
  const lines = Object.entries(accounts).map(async ([name, password]) => `${name}:${await hash(password, 5)}\n`);
  return (await Promise.all(lines)).join("");
}

async function listening(container: string): Promise<void> {
  for (let tries = 100; tries > 0; tries--) {
    if (await dockerSays(["exec", container, "nc", "-w", "1", "127.0.0.1", "443"])) return;
    await sleep(100);
  }
  throw new LabError(`the registry ${container} does not answer; see \`docker logs ${container}\``);
}

/** Pushes with skopeo, which does not change the image's configuration, so that the image keeps its id. */
async function push(archive: string, repository: string, folder: string): Promise<string> {
  const client = await machineImage("client");
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
