import type { Connection } from "../../../../settings/connection.ts";
import type { Check } from "../../check.ts";
import type { NodeFacts } from "../../machines/node-facts.ts";
import { onMachine } from "../../mends.ts";
import { type AppliedMachine, applied } from "../machine/applied.ts";

export type CheckedNode = NodeFacts &
  AppliedMachine & {
    connection: Connection;
    runtime: string;
    /** The registry's name without its port. */
    registryName: string;
    /** The registry's IP address from the stack file's `hostsEntry`. @default none: the node asks its DNS */
    hostsEntry?: string | undefined;
  };

/** Ids of checks that explain why a node does not reach the registry, or does not trust it. */
const ownFaults = [
  ...["never-applied", "other-owner", "file-changed", "entry-missing"],
  ...["entry-by-hand-changed", "entry-shadowed", "node-name-unknown", "runtime-down"],
];

/** Ids of checks of the registry: a node cannot pull from one that does not serve. */
const registryFaults = [
  ...["host-unreachable", "docker-down", "container-not-running", "no-connection", "no-answer"],
  ...["object-missing", "object-changed", "pod-not-ready", "container-off-network"],
  ...["storage-does-not-answer", "certificate-expired", "certificate-untrusted", "certificate-other-name"],
];

const checks: readonly Check<CheckedNode>[] = [
  ...applied,
  {
    id: "runtime-down",
    title: "the runtime runs",
    run: ({ units, where, affects, connection, runtime }) => {
      const [unit] = units;
      if (unit === undefined || units.some(({ isActive }) => isActive)) return [];
      const mend = onMachine(connection, `systemctl start ${unit.name}`);
      return [{ problem: `${runtime} does not run (${unit.name})`, ...{ where, affects, mend, fixable: false } }];
    },
  },
  {
    id: "restart-due",
    title: "the runtime has read its registries",
    run: ({ restarts, where, affects, connection }) =>
      restarts.map((unit) => ({
        problem: `${unit} has not read registries.yaml since the stack changed it`,
        ...{ where, affects, fixable: false },
        cause: "it reads the file only when it starts; up restarts it where the node has restart: true",
        mend: onMachine(connection, `systemctl restart ${unit}`),
      })),
  },
  {
    id: "entry-shadowed",
    title: "nobody else's entry wins over the stack's",
    run: ({ shadows, where, affects, connection, registryName, hostsEntry }) =>
      shadows.map(({ path, line }) => ({
        problem: `${path} also has "${line}", which gives ${registryName} another address than ${hostsEntry}`,
        ...{ where, affects, fixable: false },
        mend: onMachine(connection, `sed -i '/^${line.replaceAll("/", "\\/").replaceAll(".", "\\.")}$/d' ${path}`),
      })),
  },
  {
    id: "node-name-unknown",
    title: "the registry's name resolves on the node",
    followsFrom: ["entry-missing", "entry-by-hand-changed"],
    run: ({ resolves, where, affects, registryName }) =>
      resolves.length > 0
        ? []
        : [
            {
              problem: `the name ${registryName} does not resolve on the node`,
              ...{ where, affects, fixable: false },
              mend: `add the name to the node's DNS; or give the node a hostsEntry in the stack file, and run pulumi up`,
            },
          ],
  },
  {
    id: "node-cannot-reach-registry",
    title: "the node reaches the registry and trusts its certificate",
    followsFrom: [...ownFaults, ...registryFaults],
    run: ({ asked, where, affects, connection, registryName, resolves }) => {
      const answers = ({ exitCode, status }: (typeof asked)[number]) => exitCode === 0 && [200, 401].includes(status);
      const [first] = asked;
      const isOwnName = ({ url }: { url: string }) => new URL(url).hostname === registryName;
      if (first === undefined || asked.some(answers)) return [];
      const look = onMachine(connection, `curl -v ${first.url}/v2/`);
      return [
        {
          problem: `${first.url} ${failure(first)}`,
          ...{ where, affects, fixable: false },
          ...(isOwnName(first) && { cause: `on the node, ${registryName} leads to ${resolves.join(", ")}` }),
          mend: `let that name lead to the registry on the node, and let the node connect to it; then see: ${look}`,
        },
      ];
    },
  },
  {
    id: "node-cannot-pull",
    title: "the runtime pulls the probe image",
    followsFrom: [...ownFaults, ...registryFaults, "node-cannot-reach-registry", "restart-due"],
    run: ({ pull, where, affects, connection, runtime, units: [unit] }) =>
      pull === undefined || pull.ok
        ? []
        : [
            {
              problem: `${runtime} cannot pull the probe image: ${pull.said}`,
              ...{ where, affects, fixable: false },
              mend: `see what ${runtime} says: ${onMachine(connection, `journalctl -n 20 ${unit ? `-u ${unit.name}` : ""}`.trim())}`,
            },
          ],
  },
];

/** What is wrong on a node, which explains nothing of other nodes or of the registry. */
export const node = checks.map((check) => ({ ...check, isLocal: true }));

/** @see https://curl.se/libcurl/c/libcurl-errors.html */
function failure({ url, exitCode, status }: NodeFacts["asked"][number]): string {
  if (exitCode === 0) return `answers with status ${status}`;
  if (exitCode === 6) return `cannot be asked: ${new URL(url).hostname} does not resolve`;
  if (exitCode === 7) return "cannot be reached: nothing listens there, or a firewall rejects the node";
  if (exitCode === 28) return "does not answer in time: a firewall may drop the node's packets";
  if ([51, 60, 77].includes(exitCode)) return "shows a certificate that the node does not trust";
  return `does not answer (curl ends with ${exitCode})`;
}
