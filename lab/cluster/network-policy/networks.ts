/** An IPv4 network's first address as a number, and the length of its prefix. */
type Network = { start: number; bits: number };

/**
 * Splits an IPv4 network into the networks that remain when the networks in `except` are taken out of it. For an IPv6 network
 * the result is empty, because no pod of the lab has an IPv6 address.
 */
export function networkWithout(cidr: string, except: readonly string[]): string[] {
  if (isIpv6(cidr)) return [];
  const holes = except.filter((each) => !isIpv6(each)).map(network);
  return remaining(network(cidr), holes).map(text);
}

function remaining(whole: Network, holes: readonly Network[]): Network[] {
  const inside = holes.filter((hole) => overlap(hole, whole));
  if (inside.length === 0) return [whole];
  if (inside.some(({ bits }) => bits <= whole.bits)) return [];
  const bits = whole.bits + 1;
  const halves = [whole.start, whole.start + size(bits)];
  return halves.flatMap((start) => remaining({ start, bits }, inside));
}

function overlap(one: Network, other: Network): boolean {
  return one.start < other.start + size(other.bits) && other.start < one.start + size(one.bits);
}

function network(cidr: string): Network {
  const [address = "", length = "32"] = cidr.split("/");
  const bits = Number(length);
  const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return { start: number - (number % size(bits)), bits };
}

function text({ start, bits }: Network): string {
  const octets = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(start / unit) % 256);
  return `${octets.join(".")}/${bits}`;
}

const size = (bits: number) => 2 ** (32 - bits);
const isIpv6 = (cidr: string) => cidr.includes(":");
