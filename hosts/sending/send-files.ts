import type * as pulumi from "@pulumi/pulumi";
import type { HostVariant } from "../../settings/variants/host.ts";
import type { RegistryHostPlan } from "../registry-host/registry-host.ts";
import { machineAddress } from "../transport/machine-address.ts";
import type { MachineTarget } from "../transport/machine-target.ts";
import { builtUi } from "./built-ui.ts";
import { readArchive, sendArchive } from "./send-archive.ts";
import { sendUi } from "./send-ui.ts";
import { sendingFolder } from "./sending-folder.ts";

export type SentFiles = Pick<RegistryHostPlan, "archives" | "uiFiles"> & {
  /** The resources that send the files. The host's apply depends on them, since it reads the files. */
  sent: pulumi.Resource[];
};

/** Sends image archives and the ui to a registry host, into one folder that only the connection's user may write to. */
export function sendFiles(
  name: string,
  { images, ui, generation: rebuilt }: HostVariant,
  target: MachineTarget,
  { parent }: { parent: pulumi.Resource },
): SentFiles {
  // CopyToRemote does not copy again when only its connection changes. Another address means another machine, which has
  // none of the files yet, so the address is part of the value that triggers a copy.
  const generation = `${rebuilt}@${machineAddress(target.connection)}`;
  const archives = [
    { of: "registry", image: images.registry },
    { of: "proxy", image: images.proxy },
    ...(ui.kind === "joxit" ? [{ of: "ui", image: ui.image }] : []),
  ].flatMap(({ of, image }) => (image.archive === undefined ? [] : [{ of, ...readArchive(image.archive) }]));
  const uiFiles = ui.kind === "builtin" ? builtUi() : undefined;

  const contents = [...archives.map(({ sha256 }) => sha256), ...(uiFiles ? [uiFiles.hash] : [])];
  const folder = sendingFolder(`${name}-sending-folder`, { target, contents, generation }, { parent });
  const opts = { parent, dependsOn: folder ? [folder] : [] };

  const sentArchives = archives.map(({ of, ...archive }) => {
    const { path, sent } = sendArchive(`${name}-${of}-image`, { target, archive, generation }, opts);
    return { of, path, sha256: archive.sha256, sent };
  });
  const sentUi = uiFiles && sendUi(`${name}-page`, { target, ui: uiFiles, generation }, opts);
  return {
    archives: Object.fromEntries(sentArchives.map(({ of, path, sha256 }) => [of, { path, sha256 }])),
    uiFiles: uiFiles && sentUi && { ...uiFiles, sent: sentUi.path },
    sent: [...sentArchives, sentUi].flatMap((each) => (each?.sent ? [each.sent] : [])),
  };
}
