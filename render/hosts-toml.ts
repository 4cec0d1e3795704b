import { stringify } from "smol-toml";

export type RegistryAddress = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** Where the node finds it, scheme included: `https://HOST[:PORT]`, or another address, as in `http://registry:5000`. */
  url: string;
  /** PEM, beside hosts.toml or absolute. Left out where a public authority signed. */
  caFile?: string;
};

/**
 * containerd's hosts.toml for one registry.
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function hostsToml({ host, url, caFile }: RegistryAddress): string {
  const trust = caFile === undefined ? {} : { ca: caFile };
  // Never without a host table: containerd 1.x then silently reads the *.crt files beside it.
  const pulls = { [url]: { capabilities: ["pull", "resolve"], ...trust } };
  // Tried after the table: with more than push, each missing tag would be asked for twice.
  return stringify({ server: `${scheme(url)}://${host}`, capabilities: ["push"], ...trust, host: pulls });
}

function scheme(url: string): string {
  return new URL(url).protocol.replace(":", "");
}
