import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { removeContainers } from "../../../../lab/docker/container.ts";
import { docker, label } from "../../../../lab/docker/docker.ts";
import { buildFakes } from "../../../../lab/engine/build-fakes.ts";
import { buildPulumi, engineVersion } from "../../../../lab/engine/engine.ts";
import { debianImage } from "../../../../lab/images/debian-image.ts";
import { composeImage } from "../../../../lab/images/machine-image.ts";
import { labImages, type OfficialImage } from "../../../../lab/images/official-images.ts";
import { registryImage } from "../../../../lab/images/registry-images.ts";
import { serviceImage } from "../../../../lab/images/service-image.ts";
import { freePort } from "../../../../lab/network/free-port.ts";
import { issueCertificate, newCa } from "../../../../lab/services/ca.ts";
import { officialImages } from "../../../../settings/variants/images.ts";

/** Servers with the names of get.pulumi.com, docker.io and ghcr.io, in a Docker network where these names resolve to them. */
export interface OfficialServers extends AsyncDisposable {
  /** The CA (PEM) that signed their certificate. */
  ca: string;
  /** The digests of the images that they serve, by the digest of the official image. */
  digests: Record<string, string>;
  /** What the registry was asked for: one line a request. */
  requests(): Promise<string>;
}

const names = ["get.pulumi.com", "registry-1.docker.io", "ghcr.io"] as const;
const [front, registry] = ["container-registry-lab-official-front", "container-registry-lab-official-registry"];
const plugins = {
  command: "@pulumi/command",
  kubernetes: "@pulumi/kubernetes",
  random: "@pulumi/random",
  tls: "@pulumi/tls",
};

/** Starts the servers. The images are the lab's own, and so are the engine and its plugins. */
export async function startOfficialServers(network: string): Promise<OfficialServers> {
  const folder = await mkdtemp(join(tmpdir(), "official-servers-"));
  const stop = async () => {
    await removeContainers([front, registry]);
    await rm(folder, { recursive: true });
  };
  try {
    await removeContainers([front, registry]);
    const digests = await startRegistry(network);
    await writeDownloads(join(folder, "downloads"));
    const ca = await startFront(network, folder);
    return {
      ca,
      digests,
      requests: async () => (await execa("docker", ["logs", registry], { all: true })).all,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startRegistry(network: string): Promise<Record<string, string>> {
  const port = await freePort();
  const at = ["--name", registry, "--network", network, "--label", label, "--publish", `127.0.0.1:${port}:5000`];
  const { tag } = await registryImage("registry");
  await docker(["run", "--detach", ...at, tag]);
  const images: [OfficialImage, string][] = [
    [officialImages.registry, tag],
    [officialImages.proxy, (await registryImage("proxy")).tag],
    [labImages.debian, await debianImage()],
    [labImages.compose, await composeImage()],
    [labImages.pebble, await serviceImage("pebble")],
    [labImages["pebble-challtestsrv"], await serviceImage("pebble-challtestsrv")],
  ];
  const digests: Record<string, string> = {};
  for (const [official, own] of images) {
    const pushed = await push(official, own, `127.0.0.1:${port}`);
    if (official.digest !== undefined) digests[official.digest] = pushed;
  }
  return digests;
}

/** Pushes an image under the official name and version, and returns its digest. */
async function push({ image, version }: OfficialImage, own: string, at: string): Promise<string> {
  const reference = `${at}/${image.slice(image.indexOf("/") + 1)}:${version}`;
  await docker(["tag", own, reference]);
  const printed = await docker(["push", reference], { timeoutSeconds: 300 });
  await docker(["image", "rm", reference]);
  const [digest] = /sha256:[0-9a-f]{64}(?= size:)/.exec(printed) ?? [];
  if (digest === undefined) throw new Error(`docker push ${reference} printed no digest: ${printed}`);
  return digest;
}

/** The files of get.pulumi.com, at the paths where its installer and the engine look for them. */
async function writeDownloads(folder: string): Promise<void> {
  const fakes = await buildFakes();
  const pulumi = await buildPulumi();
  await mkdir(join(folder, "releases/sdk"), { recursive: true });
  await mkdir(join(folder, "releases/plugins"), { recursive: true });
  await writeFile(join(folder, "install.sh"), installer);
  const language = ["pulumi-language-nodejs", "pulumi-language-nodejs.js"];
  const sdk = join(folder, `releases/sdk/pulumi-v${engineVersion}.tar.gz`);
  await execa("tar", ["-czf", sdk, "-C", dirname(pulumi), "pulumi", "-C", fakes, ...language]);
  for (const [name, module] of Object.entries(plugins)) {
    const { default: about } = await import(`${module}/package.json`, { with: { type: "json" } });
    const archive = `pulumi-resource-${name}-v${about.version}-linux-${process.arch === "x64" ? "amd64" : process.arch}`;
    const files = [`pulumi-resource-${name}`, `pulumi-resource-${name}.js`];
    await execa("tar", ["-czf", join(folder, `releases/plugins/${archive}.tar.gz`), "-C", fakes, ...files]);
  }
}

/** Takes the arguments that Pulumi's Automation API gives to the official installer. */
const installer = `#!/bin/sh
set -e
while [ $# -gt 0 ]; do
  case $1 in
  --install-root) root=$2 && shift ;;
  --version) version=$2 && shift ;;
  esac
  shift
done
mkdir -p "$root/bin"
curl --fail --silent --show-error --output "$root/sdk.tar.gz" "https://get.pulumi.com/releases/sdk/pulumi-v$version.tar.gz"
tar -xzf "$root/sdk.tar.gz" -C "$root/bin"
rm "$root/sdk.tar.gz"
`;

/** Starts the server that ends TLS for all names, and returns the CA of its certificate. */
async function startFront(network: string, folder: string): Promise<string> {
  const ca = await newCa("The official servers of the lab");
  const own = await issueCertificate(ca, [...names]);
  const files = { "certificate.pem": own.certificate, "key.pem": own.key, Caddyfile: caddyfile };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const at = ["--name", front, "--network", network, "--label", label, "--volume", `${folder}:/etc/caddy:ro`];
  const aliases = names.flatMap((name) => ["--network-alias", name]);
  await docker(["run", "--detach", ...at, ...aliases, (await registryImage("proxy")).tag]);
  return ca.certificate;
}

const caddyfile = `{
	auto_https off
	admin off
}
https://registry-1.docker.io, https://ghcr.io {
	tls /etc/caddy/certificate.pem /etc/caddy/key.pem
	reverse_proxy ${registry}:5000
}
https://get.pulumi.com {
	tls /etc/caddy/certificate.pem /etc/caddy/key.pem
	root * /etc/caddy/downloads
	file_server
}
`;
