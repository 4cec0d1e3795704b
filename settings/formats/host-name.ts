import { isIP, isIPv4 } from "node:net";
import { z } from "zod";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Whether `text` is a DNS name in lower case or an IPv4 address. `300.1.1.1` is neither, because a DNS name's last
 * label is never all digits.
 */
function isHostName(text: string): boolean {
  if (isIPv4(text)) return true;
  const labels = text.split(".");
  return text.length <= 253 && labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? "");
}

/** Splits `HOST[:PORT]` into its name and its port. */
export function splitHost(host: string): { name: string; port: number | undefined } {
  const [name = "", port] = host.split(":");
  return { name, port: port === undefined ? undefined : Number(port) };
}

export const Port = z
  .number()
  .int("a whole number from 1 to 65535, as in 8443")
  .min(1, "a port from 1 to 65535, as in 8443")
  .max(65_535, "a port from 1 to 65535, as in 8443");

/** The placeholder in a registry's host for the load balancer's IPv4 address, which is known only during `up`. */
const addressPlaceholder = "{address}";

/**
 * Whether a registry's host contains the placeholder for the load balancer's address, as in registry.{address}.nip.io.
 */
export function hasPlaceholder(host: string): boolean {
  return host.includes(addressPlaceholder);
}

/** The host with its placeholder replaced by the load balancer's IPv4 address. */
export function withAddress(host: string, address: string): string {
  return host.replaceAll(addressPlaceholder, address);
}

/** A registry's `HOST[:PORT]`, as image references start with it. */
export const RegistryHost = registryHost((text) => text).meta({
  examples: ["registry.example.org", "registry.example.org:5000"],
});

/** A registry's `HOST[:PORT]`, which may contain `{address}`: the placeholder for the load balancer's address. */
export const RegistryHostOrPlaceholder = registryHost((text) => withAddress(text, "192.0.2.10")).meta({
  examples: ["registry.example.org", "registry.example.org:5000", "registry.{address}.nip.io"],
});

/**
 * The schema of a registry's host, checked after `filled` has replaced the placeholder. A name without dot and port,
 * other than localhost, is refused: clients read `registry/app` as `docker.io/registry/app`.
 */
function registryHost(filled: (text: string) => string) {
  return z
    .string()
    .refine((text) => isRegistryHost(filled(text)), {
      error:
        "a host name or IPv4 address in lower case with :PORT where it needs one, no scheme, no path, as in registry.example.org:5000",
      abort: true,
    })
    .refine((text) => /[.:]/.test(filled(text)) || text === "localhost", {
      error: "clients take one word without a port for a Docker Hub name; add a domain or a port, as in registry:443",
    });
}

function isRegistryHost(text: string): boolean {
  const [, name = "", port] = /^([^:]*)(?::([1-9]\d{0,4}))?$/.exec(text) ?? [];
  return isHostName(name) && Number(port ?? 1) <= 65_535;
}

/** The address that SSH connects to: a DNS name, an IPv4 address, or an IPv6 address without brackets. */
export const MachineAddress = z
  .string()
  .refine((text) => isHostName(text.toLowerCase()) || isIP(text) === 6, {
    error: "a host name or IP address without port and brackets, as in 203.0.113.5",
  })
  .meta({ examples: ["203.0.113.5", "registry-1.example.org"] });

export const IpAddress = z
  .string()
  .refine(isAddress, "an IPv4 or IPv6 address, as in 192.0.2.10")
  .meta({ examples: ["192.0.2.10", "2001:db8::10"] });

/** One address or a network in CIDR notation. */
export const AddressOrNetwork = z
  .string()
  .refine(
    isAddressOrNetwork,
    "an address or a network in CIDR notation, as in 10.0.0.0/8, 203.0.113.7 or 2001:db8::/32",
  )
  .meta({ examples: ["10.0.0.0/8", "2001:db8::/32"] });

/** Whether `text` is an IP address without a zone: a zone, as in fe80::1%eth0, has a meaning on one machine only. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes("%");
}

function isAddressOrNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  if (!isAddress(address) || rest.length > 0) return false;
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}
