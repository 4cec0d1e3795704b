import { createHash } from "node:crypto";
import { storageRoot } from "../../render/compose.ts";
import { distributionConfig } from "../../render/distribution.ts";
import {
  type HybridContainers,
  proxyContainer,
  storageContainer,
  storageName,
  storageSocket,
  volumes,
} from "../../render/hybrid-registry/containers.ts";
import type { AccountSecrets } from "../../render/proxy/account-secrets.ts";
import { accountsFile } from "../../render/proxy/accounts-file.ts";
import { caddyfile } from "../../render/proxy/caddyfile.ts";
import { proxyOfHybrid } from "../../render/proxy/proxy-of-settings.ts";
import type { Account } from "../../settings/accounts.ts";
import type { ContainerRegistry } from "../../settings/container-registry.ts";
import type { Owner } from "../../settings/owner.ts";
import { proxyReload } from "../proxy-reload.ts";
import { hereDocument, shellFiles, shellWord } from "../shell.ts";

export type HybridPlan = {
  containers: HybridContainers;
  /** The cluster's name, which an error's next step mentions. */
  cluster: string;
  /** Absolute paths of image archives on this machine. */
  archives: { registry?: string; proxy?: string };
  containerRegistry: ContainerRegistry;
  accounts: readonly Account[];
  /** `REPOSITORY:TAG` globs of tags that are neither overwritten nor deleted. @default none */
  immutableTags?: readonly string[];
};

export type HybridSecrets = {
  accounts: readonly AccountSecrets[];
  /** Key with which distribution signs the state of uploads. */
  httpSecret: string;
};

/** The POSIX script that makes Docker run both containers as planned. If it fails, it restores what ran before. */
export function hybridApplyScript(plan: HybridPlan): string {
  return [
    variables(plan),
    commandOf("storage", storageName(plan.containers.name), storageContainer(plan.containers)),
    commandOf("proxy", plan.containers.name, proxyContainer(plan.containers)),
    `visible_files() {\n${hereDocument("put proxy/Caddyfile", caddyfile(proxyOfHybrid(plan)))}}\n`,
    runProgram("apply"),
  ].join("");
}

/** The script that removes the containers and their configuration. It keeps the images. */
export function hybridRemoveScript(plan: HybridPlan): string {
  return variables(plan) + runProgram("remove");
}

/**
 * Standard input of both scripts: the program, the ids of this owner and of the owners that it takes over from, a token
 * to read the catalogue with, the secret files, and a last line `end`.
 */
export function hybridStandardInput(
  plan: HybridPlan,
  { accounts, httpSecret }: HybridSecrets,
  { id, takeOverFrom }: Owner,
): string {
  const storage = { kind: "filesystem", root: storageRoot } as const;
  const files = {
    "proxy/accounts.caddy": accountsFile(accounts),
    "storage/config.yml": distributionConfig({ address: storageSocket, storage, httpSecret }),
  };
  const lines = Object.entries(files).map(([path, text]) => `${path} ${base64(text)}`);
  const owners = [id, ...takeOverFrom].join(" ");
  return [base64(program), owners, catalogueToken(plan, accounts), ...lines, "end", ""].join("\n");
}

/**
 * The token of an account that does not expire, since an expired account would fail the check. Without such an account:
 * `none` if anonymous pull is allowed, otherwise `-`, which leaves the check out.
 */
function catalogueToken({ accounts: rights, containerRegistry }: HybridPlan, accounts: readonly AccountSecrets[]) {
  const lasting = rights.find(({ expires }) => expires === undefined)?.name;
  const token = accounts.find(({ name }) => name === lasting)?.token;
  return token ?? (containerRegistry.requiresAuthForPull ? "-" : "none");
}

function variables({ containers, cluster, archives }: HybridPlan): string {
  const { name, port, network, storagePath, images, stack } = containers;
  const all = {
    container: name,
    stack,
    port: String(port),
    network,
    cluster,
    storage_path: storagePath,
    containers: [name, storageName(name)].flatMap((each) => [each, `${each}-previous`]).join(" "),
    volumes: Object.values(volumes(name)).join(" "),
    proxy_image: images.proxy,
    images: (["registry", "proxy"] as const).map((of) => `${images[of]} ${archives[of] ?? "-"}`).join("\n"),
    verify_seconds: "30",
    // Visible in the preview, so that it shows when the program changes.
    program_version: createHash("sha256").update(program).digest("hex").slice(0, 12),
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}=${shellWord(value)}\n`)
    .join("");
}

/**
 * A shell function that calls a command with the container's name and arguments. Each argument has its own line, so that
 * a preview shows which one changes.
 */
function commandOf(name: string, container: string, words: readonly string[]): string {
  return `${name}() {\n  "$@" ${[container, '--user="$user"', ...words.map(shellWord)].join(" \\\n    ")}\n}\n`;
}

function runProgram(main: string): string {
  return `read -r program\neval "$(printf '%s' "$program" | base64 -d)"\n${main}\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

const folder = new URL("./", import.meta.url);

const program = [
  shellFiles(folder, ["prelude", "owner", "preflight", "config", "containers", "apply", "remove"]),
  proxyReload,
  `volumes_program=${shellWord(shellFiles(folder, ["volumes"]))}\n`,
].join("");
