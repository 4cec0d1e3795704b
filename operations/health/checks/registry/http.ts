import type { Check } from "../../check.ts";
import type { ClientFacts } from "../../registry/client-facts.ts";
import { atRegistry, notAsApplied, notServing, said } from "./where.ts";

/** How far clocks may be apart, in seconds. */
const allowedOffset = 60;

export const http: readonly Check<ClientFacts>[] = [
  {
    id: "clock-differs",
    title: "this machine's clock and the registry's differ by a minute at most",
    run: ({ clockOffset = 0, ...facts }) =>
      Math.abs(clockOffset) <= allowedOffset
        ? []
        : [
            atRegistry(facts, {
              problem: `the registry's clock is ${Math.abs(clockOffset)} s ${clockOffset > 0 ? "ahead of" : "behind"} this machine's`,
              affects: "whoever judges certificates, tokens and expired accounts by the wrong clock",
              cause: "one of the two machines does not synchronize its clock",
              mend: "on the machine with the wrong time: sudo timedatectl set-ntp true",
            }),
          ],
  },
  {
    id: "plain-http-not-redirected",
    title: "port 80 redirects to https",
    followsFrom: ["no-connection", ...notAsApplied, ...notServing],
    run: ({ plain, name, ...facts }) =>
      plain === undefined || (plain.status >= 300 && plain.status < 400 && plain.location?.startsWith("https://"))
        ? []
        : [
            atRegistry(facts, {
              problem: `http://${name} does not redirect to https: ${said(plain)}`,
              affects:
                "clients that try plain HTTP first, and the ACME server, which renews the certificate over port 80",
              mend: `open port 80 on the registry's machine and on firewalls in between; then see: curl -I http://${name}/v2/`,
            }),
          ],
  },
  {
    id: "no-answer",
    title: "GET /v2/ is answered",
    followsFrom: [...notAsApplied, ...notServing],
    run: ({ ping, ...facts }) =>
      ping === undefined || ping.status === 200 || ping.status === 401
        ? []
        : [
            atRegistry(facts, {
              problem: `GET /v2/ fails: ${said(ping)}`,
              mend: facts.mends.restartRegistry,
            }),
          ],
  },
  {
    id: "no-login-asked-for",
    title: "GET /v2/ asks for a login at the registry itself, where the stack runs the registry",
    followsFrom: notAsApplied,
    run: ({ ping, wanted, ...facts }) => {
      if (ping === undefined || !wanted.ownChallenge || (ping.status !== 200 && ping.status !== 401)) return [];
      const { realm } = ping;
      const isElsewhere = realm !== undefined && new URL(realm, facts.url).origin !== new URL(facts.url).origin;
      if (ping.login !== undefined && !isElsewhere) return [];
      return [
        atRegistry(facts, {
          problem: isElsewhere
            ? `clients are sent to ${realm} for their login, which is not this registry`
            : `GET /v2/ asks for no login (status ${ping.status})`,
          affects: "docker and skopeo, which then push without their password and are denied",
          mend: facts.mends.rights,
        }),
      ];
    },
  },
];
