import { stringify } from "yaml";
import { addressOf, isPlain } from "./node-url.ts";

export type RegistryAccess = {
  /** The registry's URLs for this node. */
  urls: readonly string[];
  /** Absolute path of the CA (PEM) for https URLs. @default none: a public CA signed */
  caFile?: string;
  /** The credentials that the node pulls with. @default none: pods have pull secrets, or pull needs no account */
  auth?: { username: string; password: string };
};

/**
 * `mirrors` in registries.yaml of k3s and RKE2: the URLs that images of these registries are pulled from, in the order that
 * they are tried.
 * @see https://docs.k3s.io/installation/private-registry
 */
export function registriesMirrors(hosts: readonly string[], urls: readonly string[]): string {
  const mirrors = Object.fromEntries(hosts.map((host) => [host, { endpoint: urls }]));
  return stringify({ mirrors }, yamlOptions);
}

/** `configs` in registries.yaml, by address: CA and credentials. Undefined where there is neither. */
export function registriesConfigs({ urls, caFile, auth }: RegistryAccess): string | undefined {
  const configs = urls.flatMap((url) => {
    const trust = caFile === undefined || isPlain(url) ? {} : { tls: { ca_file: caFile } };
    const access = { ...trust, ...(auth && { auth }) };
    return Object.keys(access).length === 0 ? [] : [[addressOf(url), access]];
  });
  return configs.length === 0 ? undefined : stringify({ configs: Object.fromEntries(configs) }, yamlOptions);
}

/**
 * Strings in quotes, since k3s reads YAML 1.1, where a password `yes` would be a boolean. No folded lines and no anchors,
 * since single lines are copied into an existing file.
 */
const yamlOptions = {
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const;
