import type * as pulumi from "@pulumi/pulumi";
import type { HostVariant } from "../../settings/variants/host.ts";
import type { RegistryHostPlan } from "../registry-host/registry-host.ts";
import { machineAddress } from "../transport/machine-address.ts";
import type { MachineTarget } from "../transport/machine-target.ts";
import { builtUi } from "./built-ui.ts";
import { readArchive, sendArchive } from "./send-archive.ts";
import { sendUi } from "./send-ui.ts";
import { sendingFolder } from "./sending-folder.ts";

export type SentFiles = Pick<RegistryHostPlan, "archives" | "page"> & {
  /** What must be on the host before its apply reads it. */
  sent: pulumi.Resource[];
};

/** Brings image archives and the page to a registry host, through one folder that only the login may write to. */
export function sendFiles(
  name: string,
  { images, ui, generation: rebuilt }: HostVariant,
  target: MachineTarget,
  { parent }: { parent: pulumi.Resource },
): SentFiles {
  // CopyToRemote copies nothing again where only its connection changes, and another machine has nothing of this yet.
  const generation = `${rebuilt}@${machineAddress(target.connection)}`;
  const archives = [
    { of: "registry", image: images.registry },
    { of: "proxy", image: images.proxy },
    ...(ui.kind === "joxit" ? [{ of: "ui", image: ui.image }] : []),
  ].flatMap(({ of, image }) => (image.archive === undefined ? [] : [{ of, ...readArchive(image.archive) }]));
  const page = ui.kind === "builtin" ? builtUi() : undefined;

  const contents = [...archives.map(({ sha256 }) => sha256), ...(page ? [page.hash] : [])];
  const folder = sendingFolder(`${name}-sending-folder`, { target, contents, generation }, { parent });
  const opts = { parent, dependsOn: folder ? [folder] : [] };

  const sentArchives = archives.map(({ of, ...archive }) => {
    const { path, sent } = sendArchive(`${name}-${of}-image`, { target, archive, generation }, opts);
    return { of, path, sha256: archive.sha256, sent };
  });
  const sentUi = page && sendUi(`${name}-page`, { target, page, generation }, opts);
  return {
    archives: Object.fromEntries(sentArchives.map(({ of, path, sha256 }) => [of, { path, sha256 }])),
    page: page && sentUi && { ...page, sent: sentUi.path },
    sent: [...sentArchives, sentUi].flatMap((each) => (each?.sent ? [each.sent] : [])),
  };
}
