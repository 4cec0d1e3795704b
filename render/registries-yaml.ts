import { stringify } from "yaml";

export type RegistryAccess = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** PEM, absolute. Left out where a public authority signed. */
  caFile?: string;
  /** Whose credentials the node pulls with. Left out where pods bring their own, or none are needed. */
  auth?: { username: string; password: string };
};

/**
 * What registries.yaml of k3s and RKE2 says under `mirrors`: where the registry is. `url` has the scheme.
 * @see https://docs.k3s.io/installation/private-registry
 */
export function registriesMirror(host: string, url: string): string {
  return stringify({ mirrors: { [host]: { endpoint: [url] } } }, yamlOptions);
}

/** What it says under `configs`: whom to trust and who pulls. Nothing where there is nothing to say. */
export function registriesConfig({ host, caFile, auth }: RegistryAccess): string | undefined {
  if (caFile === undefined && auth === undefined) return undefined;
  const access = { ...(caFile !== undefined && { tls: { ca_file: caFile } }), ...(auth && { auth }) };
  return stringify({ configs: { [host]: access } }, yamlOptions);
}

/** Quoted, since k3s reads YAML 1.1, where a password such as `yes` is no text; unfolded, since the lines are spliced. */
const yamlOptions = { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 } as const;
