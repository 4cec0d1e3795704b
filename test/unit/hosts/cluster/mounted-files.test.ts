import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { bringFiles } from "../../../../hosts/cluster/mounted-files.ts";

const path = "/etc/caddy/accounts.caddy";
const pods = { namespace: "registry", labels: { app: "registry" }, container: "proxy" };
const quick = { seconds: 1, pause: 0.001 };

/** A cluster whose pods have the new text after so many annotations each, or never. */
function clusterOf(annotationsNeeded: Record<string, number>, others: object[] = []) {
  const asked: string[][] = [];
  const annotations = new Map<string, number>();
  const running = Object.keys(annotationsNeeded).map((name) => ({
    metadata: { name },
    status: { containerStatuses: [{ name: "proxy", state: { running: {} } }] },
  }));
  const kubectl = async (...args: string[]): Promise<string> => {
    asked.push(args);
    if (args[0] === "get") return JSON.stringify({ items: [...running, ...others] });
    if (args[0] === "annotate") {
      for (const arg of args.filter((each) => each.startsWith("pod/")))
        annotations.set(arg.slice(4), (annotations.get(arg.slice(4)) ?? 0) + 1);
      return "";
    }
    const pod = String(args[1]);
    const text = (annotations.get(pod) ?? 0) >= Number(annotationsNeeded[pod]) ? "new" : "old";
    return `${createHash("sha256").update(text).digest("hex")}  ${path}\n`;
  };
  return { kubectl, annotations, asked };
}

it("annotates the pods that lack a changed file until each of them has it", async () => {
  const { kubectl, annotations } = clusterOf({ a: 0, b: 1, c: 3 });
  expect(await bringFiles(kubectl, pods, { [path]: "new" }, quick)).toEqual([]);
  expect(Object.fromEntries(annotations)).toEqual({ b: 1, c: 3 });
});

it("names the pods that lack it when the time is over", async () => {
  const { kubectl } = clusterOf({ a: 0, b: Number.POSITIVE_INFINITY });
  expect(await bringFiles(kubectl, pods, { [path]: "new" }, { seconds: 0.05, pause: 0.001 })).toEqual(["b"]);
});

it("leaves pods that end, or do not run yet, alone", async () => {
  const ends = { metadata: { name: "ends", deletionTimestamp: "2027-01-15T02:30:00Z" } };
  const waits = { metadata: { name: "waits" }, status: { containerStatuses: [{ name: "proxy", state: {} }] } };
  const { kubectl, asked } = clusterOf({}, [ends, waits]);
  expect(await bringFiles(kubectl, pods, { [path]: "new" }, quick)).toEqual([]);
  expect(asked.map(([verb]) => verb)).toEqual(["get"]);
});

it("hands on what kubectl refuses", async () => {
  const refused = new Error("pods is forbidden");
  await expect(bringFiles(() => Promise.reject(refused), pods, { [path]: "new" }, quick)).rejects.toBe(refused);
});
