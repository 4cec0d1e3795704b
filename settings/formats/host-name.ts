import { isIP, isIPv4 } from "node:net";
import { z } from "zod";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether `text` is a DNS name or an IPv4 address. `300.1.1.1` is neither: its last label is all digits. */
function isHostName(text: string): boolean {
  if (isIPv4(text)) return true;
  const labels = text.split(".");
  return text.length <= 253 && labels.every((part) => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? "");
}

/** `HOST[:PORT]` taken apart. */
export function splitHost(host: string): { name: string; port: number | undefined } {
  const [name = "", port] = host.split(":");
  return { name, port: port === undefined ? undefined : Number(port) };
}

/** A TCP port. */
export const Port = z
  .number()
  .int("a whole number from 1 to 65535, as in 8443")
  .min(1, "a port from 1 to 65535, as in 8443")
  .max(65_535, "a port from 1 to 65535, as in 8443");

/** What stands in a registry's host for an IPv4 address that is known only during `up`. */
const addressPlaceholder = "{address}";

/** Whether a registry's host says that the address of its load balancer belongs in it. */
export function hasPlaceholder(host: string): boolean {
  return host.includes(addressPlaceholder);
}

/** The host with that IPv4 address in it. */
export function withAddress(host: string, address: string): string {
  return host.replaceAll(addressPlaceholder, address);
}

/** The address of a registry as image references spell it. */
export const RegistryHost = registryHost((text) => text).meta({
  examples: ["registry.example.org", "registry.example.org:5000"],
});

/** The same, or what it will be once the registry's load balancer has an address. */
export const RegistryHostOrPlaceholder = registryHost((text) => withAddress(text, "192.0.2.10")).meta({
  examples: ["registry.example.org", "registry.example.org:5000", "registry.{address}.nip.io"],
});

/** A bare word without port is refused: `registry/app` is `docker.io/registry/app` to every client. */
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

/** What SSH dials: a DNS name, an IPv4 or an IPv6 address (without brackets). */
export const MachineAddress = z
  .string()
  .refine((text) => isHostName(text.toLowerCase()) || isIP(text) === 6, {
    error: "a host name or IP address without port and brackets, as in 203.0.113.5",
  })
  .meta({ examples: ["203.0.113.5", "registry-1.example.org"] });

/** An IPv4 or IPv6 address. */
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

/** A zone, as in fe80::1%eth0, means something on one machine only. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes("%");
}

function isAddressOrNetwork(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  if (!isAddress(address) || rest.length > 0) return false;
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}
