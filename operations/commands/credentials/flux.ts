import { stringify } from "yaml";
import { caData, fluxNames, imageRepositorySpec } from "../../../render/flux.ts";
import { dockerConfig, dockerConfigType } from "../../../render/pull-secret.ts";
import type { RegistryLogin } from "./login.ts";
import { kubectlApply, secretManifest } from "./secret-manifest.ts";

/**
 * Shell lines that create the Secrets an ImageRepository needs, and, as comments, an ImageRepository that names them.
 */
export function fluxLines(login: RegistryLogin): string[] {
  const { host, username, password, namespace = "flux-system", fluxApiVersion } = login;
  const names = fluxNames(host);
  const name = login.name ?? names.login;
  const hasCa = login.ca !== "";
  const config = dockerConfig({ hosts: [host], username, password });
  const manifests = [secretManifest({ name, namespace }, dockerConfigType, config)];
  if (hasCa) manifests.push(secretManifest({ name: names.ca, namespace }, "Opaque", caData(fluxApiVersion, login.ca)));
  const spec = imageRepositorySpec({ name: "shop", interval: "5m" }, { ...login, hasCa, hasLogin: true });
  const example = {
    apiVersion: fluxApiVersion,
    kind: "ImageRepository",
    metadata: { name: "shop", namespace },
    spec: { ...spec, secretRef: { name } },
  };
  return [
    "# Into git only encrypted, as by SOPS.",
    kubectlApply(manifests),
    "# What watches an image, here shop, names them. A stack makes all of it by flux.",
    ...commented(stringify(example, { lineWidth: 0 })),
  ];
}

/** The text as shell comments, which a shell that runs the lines ignores. */
function commented(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `#   ${line}`);
}
