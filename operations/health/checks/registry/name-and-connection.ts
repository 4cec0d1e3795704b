import type { Check } from "../../check.ts";
import type { ClientFacts } from "../../registry/client-facts.ts";
import { atRegistry, notAsApplied, notServing } from "./where.ts";

function isRegistry({ ping }: Pick<ClientFacts, "ping">): boolean {
  return ping === undefined || ping.login !== undefined;
}

const reasons: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ETIMEDOUT: "nothing answers, as behind a firewall that drops packets",
  EHOSTUNREACH: "no route leads there",
  ENETUNREACH: "no route leads there; where the name has IPv6 addresses alone, this machine needs IPv6",
  ECONNRESET: "the connection is closed at once, as by variant.allowFrom",
  EPROTO: "no TLS is spoken there",
  ERR_SSL_WRONG_VERSION_NUMBER: "no TLS is spoken there",
};

export const nameAndConnection: readonly Check<ClientFacts>[] = [
  {
    id: "name-unknown",
    title: "the registry's name resolves on this machine",
    run: ({ name, resolveError, ...facts }) =>
      resolveError === undefined
        ? []
        : [
            atRegistry(facts, {
              problem: `the name ${name} does not resolve on this machine (${resolveError})`,
              mend: `create an A or AAAA record of ${name} with the registry's address, or correct this machine's resolver; then see: getent hosts ${name}`,
            }),
          ],
  },
  {
    id: "name-leads-elsewhere",
    title: "the registry's name leads to the stack's machine",
    run: ({ name, addresses, machine, ...facts }) => {
      const reaches = facts.connection === "open" && facts.certificate?.error === undefined && isRegistry(facts);
      if (facts.resolveError !== undefined || machine === undefined || reaches) return [];
      if (addresses.some((address) => machine.addresses.includes(address))) return [];
      return [
        atRegistry(facts, {
          problem: `the name ${name} leads to ${addresses.join(", ")}, which is not the stack's machine`,
          cause: `the machine's addresses are ${machine.addresses.join(", ")}`,
          mend: `change the DNS record of ${name} to the machine's address; then see: getent hosts ${name}`,
        }),
      ];
    },
  },
  {
    id: "no-connection",
    title: "the registry's port accepts connections from this machine",
    followsFrom: [...notAsApplied, ...notServing],
    run: ({ name, port, addresses, connection, wanted, ...facts }) =>
      connection === undefined || connection === "open"
        ? []
        : [
            atRegistry(facts, {
              problem: `no connection to ${name}:${port} (${addresses.join(", ")}): ${reasons[connection] ?? connection}`,
              mend: `${wanted.ownChallenge ? "" : "ask who runs the registry whether it serves; or "}open port ${port} on the registry's machine and on firewalls in between; then see: nc -vz ${name} ${port}`,
            }),
          ],
  },
];
