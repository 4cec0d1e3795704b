import { stringify } from "smol-toml";

export type CrioRegistry = {
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** Plain HTTP, which a stack asks for with `tls: none`. */
  insecure: boolean;
};

/**
 * A drop-in of registries.conf, format version 2, for CRI-O.
 * @see containers-registries.conf(5)
 */
export function crioRegistries({ host, insecure }: CrioRegistry): string {
  return stringify({ registry: [{ prefix: host, location: host, insecure }] });
}
