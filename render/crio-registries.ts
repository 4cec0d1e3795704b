import { stringify } from "smol-toml";
import { addressOf, isPlain } from "./node-url.ts";

export type CrioRegistry = {
  /** `HOST[:PORT]` as in image references. CRI-O tries this host after all of `urls`. */
  host: string;
  /** The registry's URLs for this node, in the order that it tries them. */
  urls: readonly string[];
};

/**
 * A drop-in of registries.conf, format version 2, for CRI-O. Plain HTTP only for `http:` URLs.
 * @see containers-registries.conf(5)
 */
export function crioRegistries({ host, urls }: CrioRegistry): string {
  const insecure = urls.every(isPlain);
  const elsewhere = urls.some((url) => addressOf(url) !== host);
  const mirror = urls.map((url) => ({ location: addressOf(url), insecure: isPlain(url) }));
  return stringify({ registry: [{ prefix: host, location: host, insecure, ...(elsewhere && { mirror }) }] });
}
