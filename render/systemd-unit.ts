import { dirname } from "node:path";
import { hostPaths } from "./compose.ts";

/**
 * The systemd unit container-registry.service. It starts the containers at boot, after Docker, and stops them before
 * Docker. Where garbage is collected, it first ends what a collection has left that lost power.
 *
 * The images' disk is mounted first. If that fails, the registry does not start: it would serve an empty folder, and take
 * pushes onto another disk.
 *
 * When dockerd ends by itself, systemd stops this unit, too, and starts Docker only after that. A command to Docker would then
 * wait for Docker until the unit's stop times out, so none is run.
 */
export function registryUnit({ storagePath, collected = false }: { storagePath: string; collected?: boolean }): string {
  return `[Unit]
Description=Container registry and the proxy in front of it
Requires=docker.service
After=docker.service network-online.target
Wants=network-online.target
RequiresMountsFor=${storagePath}

[Service]
Type=oneshot
RemainAfterExit=yes
WorkingDirectory=${dirname(hostPaths.compose)}
${collected ? `ExecStartPre=-/bin/sh ${hostPaths.collect} --finish\n` : ""}ExecStart=/usr/bin/docker compose up --detach
ExecStop=/bin/sh -c 'systemctl is-active --quiet docker.service || exit 0; exec docker compose stop'
TimeoutStartSec=15min
TimeoutStopSec=6min

[Install]
WantedBy=multi-user.target
`;
}
