import { stringify } from "smol-toml";
import { isPlain } from "./node-url.ts";

export type RegistryAddress = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /**
   * Where the node finds it, scheme included, in the order it tries: `https://HOST[:PORT]`, or other addresses, as in
   * `http://registry:5000`.
   */
  urls: readonly string[];
  /** PEM, beside hosts.toml or absolute, for what is https. Left out where a public authority signed. */
  caFile?: string;
};

/**
 * containerd's hosts.toml for one registry.
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function hostsToml({ host, urls, caFile }: RegistryAddress): string {
  const server = `${urls.every(isPlain) ? "http" : "https"}://${host}`;
  const trust = (url: string) => (caFile === undefined || isPlain(url) ? {} : { ca: caFile });
  const patience = (url: string) => (url === urls.at(-1) ? {} : { dial_timeout: dialTimeout });
  // Never without a host table: containerd 1.x then silently reads the *.crt files beside it.
  const pulls = urls.map((url) => [url, { capabilities: ["pull", "resolve"], ...trust(url), ...patience(url) }]);
  // Tried after the tables: with more than push, each missing tag would be asked for twice.
  return stringify({ server, capabilities: ["push"], ...trust(server), host: Object.fromEntries(pulls) });
}

/** Before the next address is tried; containerd's own 30 s are spent on each manifest and layer. Read from 2.1 on. */
const dialTimeout = "5s";
