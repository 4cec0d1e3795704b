import { type EndpointSync, endpointSyncScript, endpointSyncUnit } from "../../render/hybrid-registry/endpoint-sync.ts";
import type { Bundle } from "../apply/bundle.ts";
import type { KindNode } from "../node-trust/kind-nodes.ts";
import { shellFiles } from "../shell.ts";

/** Bundle for kind's control plane that updates the Service whenever Docker gives the registry another address. */
export function followBundle(controlPlane: KindNode, sync: EndpointSync): Bundle {
  const name = `container-registry-follow-${sync.container}`;
  const script = `/usr/local/lib/${name}.sh`;
  const file = (path: string, text: string) => ({ path, mode: "0644", action: "restart", text }) as const;
  return {
    name: `follow-${sync.container}`,
    owners: "one",
    entryLabel: `follow-${sync.container}`,
    directories: [],
    files: [
      file(script, endpointSyncScript(sync)),
      file(`/etc/systemd/system/${name}.service`, endpointSyncUnit(script)),
    ],
    entries: [],
    formats: [],
    // A recreated container has the same name and another id, so that the command runs again.
    variables: { machine: controlPlane.name, unit: `${name}.service`, generation: controlPlane.id.slice(0, 12) },
    script: shellFiles(new URL("./", import.meta.url), ["endpoint-sync"]),
  };
}
