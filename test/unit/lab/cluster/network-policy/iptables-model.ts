import { BlockList } from "node:net";

export type Packet = { source: string; to: string; protocol: string; port: number; established: boolean };

/** Whether a chain lets a packet go on: the first rule decides whose conditions all hold. */
export function passes(rules: string, packet: Packet): boolean {
  const targets = rules
    .split("\n")
    .filter((line) => line.startsWith("-A "))
    .filter((line) => conditions(line).every((condition) => holds(condition, packet)))
    .map((line) => line.split(" -j ")[1]);
  return (targets[0] ?? "RETURN") === "RETURN";
}

/** As in `-s 10.0.0.0/8`. */
function conditions(rule: string): string[] {
  const [, ...flags] = rule.split(" -j ")[0]?.split(/ (?=-)/) ?? [];
  return flags;
}

function holds(condition: string, packet: Packet): boolean {
  const [flag, value = ""] = condition.split(" ");
  switch (flag) {
    case "-s":
      return isIn(value, packet.source);
    case "-d":
      return isIn(value, packet.to);
    case "-p":
      return value === packet.protocol;
    case "--dport":
      return value === String(packet.port);
    case "--ctstate":
      return packet.established;
    case "-m":
      return true;
    default:
      throw new Error(`the model of iptables knows no ${condition}`);
  }
}

function isIn(network: string, address: string): boolean {
  const [start = "", bits] = network.split("/");
  const list = new BlockList();
  list.addSubnet(start, Number(bits));
  return list.check(address);
}
