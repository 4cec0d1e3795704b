import { describe } from "vitest";
import { changed, clusterStack, existingStack, hostStack, hybridStack, traefikImages } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const traefik = changed(hostStack, {
  "variant.proxy": "traefik",
  "variant.images": traefikImages,
  "containerRegistry.requiresAuthForPull": true,
});
const garbageCollection = {};

describe("garbageCollection", () => {
  accepts(hostStack, [
    { garbageCollection },
    { garbageCollection: { schedule: "Sun 23:59", graceDays: 1 } },
    { garbageCollection: { schedule: "00:00", graceDays: 365 } },
  ]);
  refuses(hostStack, [
    [{ garbageCollection: { schedule: "24:00" } }, 'garbageCollection.schedule = "24:00": a time in UTC'],
    [{ garbageCollection: { schedule: "Sunday 03:00" } }, "garbageCollection.schedule"],
    [{ garbageCollection: { schedule: "0 3 * * *" } }, "garbageCollection.schedule"],
    [{ garbageCollection: { graceDays: 0 } }, "garbageCollection.graceDays = 0: 1 or more"],
    [{ garbageCollection: { graceDays: 366 } }, "garbageCollection.graceDays = 366: 365 or less"],
    [{ garbageCollection: { days: 3 } }, "garbageCollection.days"],
  ]);
  refuses(traefik, [[{ garbageCollection }, "garbageCollection: Traefik cannot hold writes while blobs are moved"]]);
  accepts(clusterStack, [{ garbageCollection }]);
  refuses(changed(clusterStack, { "variant.storage": { kind: "volume", accessMode: "ReadWriteMany" } }), [
    [{ garbageCollection }, "garbageCollection: pods on several nodes see each other's files late"],
  ]);
  refuses(hybridStack, [[{ garbageCollection }, "garbageCollection: no collector runs beside kind"]]);
  refuses(existingStack, [[{ garbageCollection }, "garbageCollection: whoever runs an existing registry"]]);
});
