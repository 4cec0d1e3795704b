import { growthOf } from "../../health/growth.ts";
import type { HostFacts } from "../../health/host-facts.ts";
import type { LiveStack, StackOutputs } from "../../live-stack.ts";
import { attentionTo, rotationsDue } from "./attention.ts";
import { certificateIn, daysUntil } from "./certificate.ts";
import { containersIn, versionsIn } from "./containers.ts";
import type { Seen } from "./look.ts";
import { lastRuns, nextRuns } from "./runs.ts";
import type { StatusReport } from "./status-report.ts";

/** What was seen of a stack, with what somebody should see to. */
export function statusReport(
  stack: LiveStack,
  { registryCa }: Pick<StackOutputs, "registryCa">,
  seen: Seen,
): StatusReport {
  const { served, host, cluster, nodes, now, unknown } = seen;
  const { variant, accounts } = stack.settings;
  const storage = host ?? cluster?.pod;
  const certificate = certificateIn(served.certificate, registryCa, now);
  const report = {
    stack: stack.name,
    variant: variant.kind,
    url: served.url,
    serving: served.problem === undefined,
    ...(served.milliseconds !== undefined && { milliseconds: served.milliseconds }),
    versions: versionsIn(seen),
    containers: containersIn(seen),
    ...(certificate && { certificate }),
    ...(storage?.disk && { disk: diskIn(storage.disk) }),
    ...(storage?.uploads && { uploads: storage.uploads }),
    ...lastRuns(stack, seen),
    next: nextRuns(seen),
    accounts: accounts.map(({ name, expires }) => ({
      name,
      ...(expires && { expires, daysLeft: daysUntil(`${expires}T23:59:59Z`, now) }),
    })),
    rotationsDue: rotationsDue(stack, now).length,
    ...(nodes && { nodes: { known: nodes.known, trusting: nodes.trusting } }),
    unknown: [...unknown],
  };
  return { ...report, attention: attentionTo(stack, seen, report) };
}

function diskIn({ path, size, used, free, readOnly, records }: NonNullable<HostFacts["disk"]>) {
  const days = growthOf(records, free)?.daysUntilFull;
  return { path, size, used, free, readOnly, ...(days !== undefined && { daysUntilFull: days }) };
}
