/** One line of /etc/hosts: an IPv4 or IPv6 address, and its name on this node. */
export function hostsLine(address: string, name: string): string {
  return `${address} ${name}\n`;
}
