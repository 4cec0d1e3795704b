import { proxyReload } from "../../../hosts/proxy-reload.ts";
import { shellFiles, shellWord } from "../../../hosts/shell.ts";
import { proxyPaths } from "../../../render/compose.ts";
import { proxyFiles } from "../../../render/proxy/proxy-config.ts";
import { splitHost } from "../../../settings/formats/host-name.ts";
import type { HostVariant } from "../../../settings/variants/host.ts";
import type { LiveStack } from "../../live-stack.ts";
import { openMachine } from "../../machines/machine.ts";

/** How long an ACME server may take, in seconds. */
const waitSeconds = 120;

/** How long Caddy may order by itself before this order takes its place, in seconds. Caddy sees a dead owner of a lock after ten. */
const lockSeconds = 15;

/** Has the Caddy of a registry host order a certificate and serve it. */
export async function orderByCaddy({ settings, secrets }: LiveStack, variant: HostVariant): Promise<void> {
  await using machine = await openMachine(variant.connection, secrets);
  await machine.run(program(settings.containerRegistry.host), {
    // The error itself is printed when the command ends.
    onLine: (line) => {
      if (!line.startsWith("error: ")) console.error(line);
    },
  });
}

function program(host: string): string {
  const { name, port } = splitHost(host);
  const variables = {
    compose_project: "container-registry",
    lock_wait_seconds: String(waitSeconds),
    registry_name: name,
    registry_port: String(port ?? 443),
    admin_socket: proxyFiles.adminSocket,
    caddy_data: `${proxyPaths.caddy.data}/caddy`,
    wait_seconds: String(waitSeconds),
    lock_seconds: String(lockSeconds),
  };
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}\n`);
  const hosts = new URL("../../../hosts/", import.meta.url);
  return [
    ...assignments,
    proxyReload,
    shellFiles(new URL("apply/", hosts), ["prelude", "lock"]),
    shellFiles(new URL("registry-host/", hosts), ["project", "caddy"]),
    shellFiles(new URL("./", import.meta.url), ["order", "take-up", "renew-acme"]),
  ].join("");
}
