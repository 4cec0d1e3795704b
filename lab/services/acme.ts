import { mkdir, readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, publishedPort } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import { exists } from "../exists.ts";
import { serviceImage } from "../images/service-image.ts";
import { LabError } from "../lab-error.ts";
import { addresses, network } from "../network/network.ts";
import { stateDirectory } from "../state.ts";
import { issueCertificate, newCa } from "./ca.ts";

const container = "container-registry-lab-acme";
const name = "acme.lab.test";
const directoryPort = 14000;
const managementPort = 15000;

export type Acme = {
  name: string;
  /** The ACME directory's URL, for a stack file's `tls.directory`. */
  directory: string;
  /** The file with the CA of the directory's certificate, for a stack file's `tls.directoryCa`. */
  directoryCaFile: string;
  /** Root certificate (PEM) of the certificates it issues, for clients to trust. Pebble generates a new one at each start. */
  root(): Promise<string>;
  /** The number of times that the server was asked to validate that name. */
  validations(name: string): Promise<number>;
};

/** Starts the lab's ACME server, Pebble. It validates names by HTTP-01 on port 80 of their addresses. */
export async function startAcme(): Promise<Acme> {
  const folder = await configuration();
  if (!(await isRunning(container))) {
    await docker(["rm", "--force", container]);
    const at = ["--name", container, "--network", network, "--ip", addresses.acme, "--label", label];
    const environment = ["PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0", "PEBBLE_AUTHZREUSE=0"];
    await docker([
      ...[
        "run",
        "--detach",
        ...at,
        "--publish",
        `127.0.0.1::${managementPort}`,
        "--volume",
        `${folder}:/etc/pebble:ro`,
      ],
      ...environment.flatMap((entry) => ["--env", entry]),
      ...[await serviceImage("pebble"), "-config", "/etc/pebble/pebble.json", "-dnsserver", `${addresses.dns}:53`],
    ]);
  }
  const directoryCaFile = join(folder, "directory-ca.pem");
  const ca = await readFile(directoryCaFile, "utf8");
  const root = `https://127.0.0.1:${await publishedPort(container, managementPort)}/roots/0`;
  await answers(root, ca);
  return {
    name,
    directory: `https://${name}:${directoryPort}/dir`,
    directoryCaFile,
    root: () => fetchTrusting(root, ca),
    validations: async (name) =>
      (await docker(["logs", container])).split("\n").filter((line) => isValidationOf(name, line)).length,
  };
}

async function configuration(): Promise<string> {
  const folder = join(stateDirectory(), "acme");
  const file = join(folder, "pebble.json");
  if (await exists(file)) return folder;
  const ca = await newCa("Container Registry Lab: ACME directory");
  const own = await issueCertificate(ca, [name, "localhost", "127.0.0.1"]);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "directory-ca.pem"), ca.certificate);
  await writeFile(join(folder, "certificate.pem"), own.certificate);
  await writeFile(join(folder, "key.pem"), own.key, { mode: 0o600 });
  await writeFile(file, JSON.stringify({ pebble }, undefined, 2));
  return folder;
}

const pebble = {
  listenAddress: `0.0.0.0:${directoryPort}`,
  managementListenAddress: `0.0.0.0:${managementPort}`,
  certificate: "/etc/pebble/certificate.pem",
  privateKey: "/etc/pebble/key.pem",
  httpPort: 80,
  tlsPort: 443,
  ocspResponderURL: "",
  externalAccountBindingRequired: false,
  retryAfter: { authz: 1, order: 1 },
  keyAlgorithm: "ecdsa",
  profiles: { default: { description: "90 days, like Let's Encrypt", validityPeriod: 90 * 24 * 3600 } },
};

async function answers(url: string, ca: string): Promise<void> {
  for (let tries = 100; tries > 0; tries--) {
    if ((await fetchTrusting(url, ca).catch(() => "")) !== "") return;
    await sleep(100);
  }
  throw new LabError(`the lab's ACME server does not answer; see \`docker logs ${container}\``);
}

/** Whether a line of Pebble's log says that it validates the name. Pebble writes one such line for each challenge. */
function isValidationOf(name: string, line: string): boolean {
  return line.includes("Pulled a task from the Tasks queue") && line.includes(`Value:"${name}"`);
}

/** Fetches a URL and trusts the given CA. It uses node:https, because `fetch` has no option for a CA. */
function fetchTrusting(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca, timeout: 5000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(Buffer.concat(chunks).toString()));
    }).on("error", reject);
  });
}
