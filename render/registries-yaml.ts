import { stringify } from "yaml";
import { addressOf, isPlain } from "./node-url.ts";

export type RegistryAccess = {
  /** Where the node finds the registry, scheme included. */
  urls: readonly string[];
  /** PEM, absolute, for what is https. Left out where a public authority signed. */
  caFile?: string;
  /** Whose credentials the node pulls with. Left out where pods bring their own, or none are needed. */
  auth?: { username: string; password: string };
};

/**
 * What registries.yaml of k3s and RKE2 says under `mirrors`: where the images of these registries are found, in the order
 * that is tried.
 * @see https://docs.k3s.io/installation/private-registry
 */
export function registriesMirrors(hosts: readonly string[], urls: readonly string[]): string {
  const mirrors = Object.fromEntries(hosts.map((host) => [host, { endpoint: urls }]));
  return stringify({ mirrors }, yamlOptions);
}

/** What it says under `configs`, by where it is found: whom to trust and who pulls. Nothing where nothing is to say. */
export function registriesConfigs({ urls, caFile, auth }: RegistryAccess): string | undefined {
  const configs = urls.flatMap((url) => {
    const trust = caFile === undefined || isPlain(url) ? {} : { tls: { ca_file: caFile } };
    const access = { ...trust, ...(auth && { auth }) };
    return Object.keys(access).length === 0 ? [] : [[addressOf(url), access]];
  });
  return configs.length === 0 ? undefined : stringify({ configs: Object.fromEntries(configs) }, yamlOptions);
}

/**
 * Quoted, since k3s reads YAML 1.1, where a password such as `yes` is no text; unfolded, since the lines are spliced, and
 * without anchors, since each is read by itself.
 */
const yamlOptions = {
  defaultStringType: "QUOTE_DOUBLE",
  defaultKeyType: "PLAIN",
  lineWidth: 0,
  aliasDuplicateObjects: false,
} as const;
