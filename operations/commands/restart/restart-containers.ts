import { shellFiles, shellWord } from "../../../hosts/shell.ts";
import { registryAddress } from "../../../render/compose.ts";
import { proxyPort, storageSocket } from "../../../render/hybrid-registry/containers.ts";
import { splitHost } from "../../../settings/formats/host-name.ts";
import type { HostVariant } from "../../../settings/variants/host.ts";
import type { HybridVariant } from "../../../settings/variants/hybrid.ts";
import type { LiveStack } from "../../live-stack.ts";
import { localShell } from "../../machines/local-shell.ts";
import { openMachine } from "../../machines/machine.ts";
import { OperationError } from "../../operation-error.ts";

/** How long each container may take to serve again, in seconds. */
const waitSeconds = 60;

const folder = new URL("./", import.meta.url);
/** Shows progress. The error itself is printed when the command ends. */
const say = (line: string) => {
  if (!line.startsWith("error: ")) console.error(line);
};

/** Restarts the containers of a registry host. */
export async function restartOnHost({ settings, secrets }: LiveStack, variant: HostVariant): Promise<void> {
  await using machine = await openMachine(variant.connection, secrets);
  await machine.run(hostRestartProgram(variant, settings.containerRegistry.host), { onLine: say });
}

/** Restarts both containers beside kind, on this machine. */
export async function restartBesideKind({ containerName }: HybridVariant): Promise<void> {
  let last = "";
  const onLine = (line: string) => {
    last = line.replace(/^error: /, "");
    say(line);
  };
  const variables = { container_name: containerName, registry_socket: storageSocket, proxy_port: String(proxyPort) };
  const script = assignments(variables) + shellFiles(folder, ["by-name", "restart"]);
  const { exitCode } = await localShell().execute(script, { stdin: "", onLine });
  if (exitCode !== 0) throw new OperationError(last || "the containers cannot be restarted; see: docker ps --all");
}

function hostRestartProgram({ tls }: Pick<HostVariant, "tls">, host: string): string {
  const { name, port } = splitHost(host);
  const variables = {
    compose_project: "container-registry",
    registry_address: registryAddress,
    registry_name: name,
    registry_port: String(port ?? (tls.kind === "none" ? 80 : 443)),
    registry_url: `${tls.kind === "none" ? "http" : "https"}://${host}`,
  };
  const project = shellFiles(new URL("../../../hosts/registry-host/", import.meta.url), ["project"]);
  return assignments(variables) + project + shellFiles(folder, ["compose", "restart"]);
}

function assignments(variables: Record<string, string>): string {
  const all = { ...variables, wait_seconds: String(waitSeconds) };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${shellWord(value)}\n`)
    .join("");
}
