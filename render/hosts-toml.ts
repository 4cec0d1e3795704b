import { stringify } from "smol-toml";
import { isPlain } from "./node-url.ts";

export type RegistryAddress = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /**
   * The registry's URLs for this node, in the order that it tries them: `https://HOST[:PORT]`, or other addresses, as
   * in `http://registry:5000`.
   */
  urls: readonly string[];
  /** Path of the CA (PEM) for https URLs, absolute or relative to hosts.toml. @default none: a public CA signed */
  caFile?: string;
};

/**
 * containerd's hosts.toml for one registry.
 * @see https://github.com/containerd/containerd/blob/main/docs/hosts.md
 */
export function hostsToml({ host, urls, caFile }: RegistryAddress): string {
  const server = `${urls.every(isPlain) ? "http" : "https"}://${host}`;
  const trust = (url: string) => (caFile === undefined || isPlain(url) ? {} : { ca: caFile });
  const timeout = (url: string) => (url === urls.at(-1) ? {} : { dial_timeout: dialTimeout });
  // A hosts.toml must have a host table: without one, containerd 1.x silently reads the *.crt files beside it instead.
  const pulls = urls.map((url) => [url, { capabilities: ["pull", "resolve"], ...trust(url), ...timeout(url) }]);
  // containerd asks `server` after the host tables. With more capabilities than push, it would ask twice for a missing
  // tag.
  return stringify({ server, capabilities: ["push"], ...trust(server), host: Object.fromEntries(pulls) });
}

/**
 * How long containerd waits for a connection before it tries the next URL; its default of 30 s would pass for each
 * layer. Read by containerd 2.1 and later.
 */
const dialTimeout = "5s";
