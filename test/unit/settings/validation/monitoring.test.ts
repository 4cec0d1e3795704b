import { describe } from "vitest";
import { changed, clusterStack, existingStack, hostStack, hybridStack, traefikImages } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const traefik = changed(hostStack, {
  "variant.proxy": "traefik",
  "variant.images": traefikImages,
  "containerRegistry.requiresAuthForPull": true,
});
const monitoring = { account: "jenkins" };

describe("monitoring", () => {
  accepts(hostStack, [{ monitoring }]);
  accepts(clusterStack, [
    { monitoring },
    { monitoring: { ...monitoring, serviceMonitor: {} } },
    { monitoring: { ...monitoring, serviceMonitor: { labels: { release: "prometheus" } } } },
  ]);
  refuses(hostStack, [
    [{ monitoring: { account: "prometheus" } }, 'monitoring.account = "prometheus": is not in accounts; add it there'],
    [{ monitoring: {} }, "monitoring.account"],
    [{ monitoring: { ...monitoring, port: 9100 } }, "monitoring.port"],
  ]);
  refuses(hostStack, [
    [{ monitoring: { ...monitoring, serviceMonitor: {} } }, "monitoring.serviceMonitor: needs variant cluster"],
  ]);
  refuses(traefik, [[{ monitoring }, "monitoring: Traefik cannot keep /metrics/"]]);
  refuses(hybridStack, [[{ monitoring }, "monitoring: distribution listens on no port"]]);
  refuses(existingStack, [[{ monitoring }, "monitoring: whoever runs an existing registry"]]);
});
