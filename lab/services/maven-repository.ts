import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hash } from "bcryptjs";
import { addressIn } from "../docker/container.ts";
import { docker, dockerSays, label } from "../docker/docker.ts";
import { ensureImages } from "../images/image-set.ts";
import { startLab } from "../lab.ts";
import { LabError } from "../lab-error.ts";
import { network } from "../network/network.ts";
import { stateDirectory } from "../state.ts";
import { issueCertificate, newCa } from "./ca.ts";

/** A Maven repository that this project does not manage. Anonymous clients may read, and its account may write. */
export interface MavenRepository extends AsyncDisposable {
  host: string;
  /** The repository's URL, as in `https://maven.lab.test/releases/`. */
  url: string;
  /** The PEM text of the private CA's certificate. */
  ca: string;
  /** The content at a path below the repository's URL, or undefined if there is none. */
  artifact(path: string): Promise<string | undefined>;
}

/** Starts nginx with TLS, Basic authentication and PUT at `<name>.lab.test`. */
export async function startMavenRepository(options: {
  name: string;
  username: string;
  password: string;
}): Promise<MavenRepository> {
  const { name, username, password } = options;
  const { dns } = await startLab();
  const host = `${name}.lab.test`;
  const container = `container-registry-lab-${name}`;
  const folder = join(stateDirectory(), "maven", name);
  const ca = await newCa(`Private CA of ${host}`);
  const own = await issueCertificate(ca, [host]);
  await mkdir(folder, { recursive: true });
  const files = {
    "certificate.pem": own.certificate,
    "key.pem": own.key,
    // nginx hashes by crypt(3), which supports bcrypt. Readable for all: nginx's workers are not root.
    htpasswd: `${username}:${await hash(password, 5)}\n`,
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);

  const { "maven-repository": image } = await ensureImages({
    name: "maven-repository",
    targets: ["maven-repository"],
    files: ["maven-repository.conf"],
    binaries: [],
  });
  await docker(["rm", "--force", "--volumes", container]);
  const at = ["--name", container, "--network", network, "--label", label, "--volume", `${folder}:/etc/lab:ro`];
  await docker(["run", "--detach", ...at, image]);
  await dns.add(host, await addressIn(network, container));
  await listening(container);
  return {
    host,
    url: `https://${host}/releases/`,
    ca: ca.certificate,
    artifact: (path) => docker(["exec", container, "cat", `/srv/maven/releases/${path}`]).catch(() => undefined),
    [Symbol.asyncDispose]: async () => {
      await docker(["rm", "--force", "--volumes", container]);
      await dns.remove(host);
      await rm(folder, { recursive: true });
    },
  };
}

async function listening(container: string): Promise<void> {
  for (let tries = 100; tries > 0; tries--) {
    if (await dockerSays(["exec", container, "sh", "-c", "grep -q ':01BB .* 0A ' /proc/net/tcp"])) return;
    await sleep(100);
  }
  throw new LabError(`the Maven repository does not answer; see \`docker logs ${container}\``);
}
