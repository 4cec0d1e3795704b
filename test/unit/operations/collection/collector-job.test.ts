import { describe, expect, it } from "vitest";
import { collectorJob } from "../../../../operations/collection/collector-job.ts";
import { KubectlError } from "../../../../operations/kubectl.ts";

const container = { name: "collect", image: "registry:3", args: ["--wait", "3600"] };
const cronJob = {
  spec: { jobTemplate: { spec: { backoffLimit: 1, template: { spec: { containers: [container] } } } } },
};
const running = { metadata: { name: "registry-collect-x" }, status: { ready: 1 } };
const ended = (type: string) => ({ ...running, status: { failed: 1, conditions: [{ type, status: "True" }] } });

/** A cluster in which the Job has these states, one after the other, and prints this. */
function cluster({ states = [running, ended("Complete")], printed = ["waiting 1 s", "{}"], found = true }) {
  const left = [...states];
  const created: string[] = [];
  const lines: string[] = [];
  const run = async (
    [verb, what]: readonly string[],
    { input = "", onLine }: { input?: string; onLine?: (line: string) => void } = {},
  ): Promise<string> => {
    if (verb === "get" && what === "cronjob") return found ? JSON.stringify(cronJob) : "";
    if (verb === "get") return JSON.stringify(left.length > 1 ? left.shift() : left[0]);
    if (verb === "create") {
      created.push(input);
      return JSON.stringify(running);
    }
    for (const line of printed) onLine?.(line);
    if (what === "--follow") throw new KubectlError("the connection broke");
    return printed.join("\n");
  };
  const started = { namespace: "dso", args: ["--undo"], onLine: (line: string) => lines.push(line) };
  return { created, lines, answer: () => collectorJob({ run }, started) };
}

describe("a collection by hand in a cluster", () => {
  it("runs the CronJob's pod once with other arguments, and returns its last line", async () => {
    const { answer, created, lines } = cluster({});
    expect(await answer()).toBe("{}");
    expect(created.map((text) => JSON.parse(text))).toMatchObject([
      {
        kind: "Job",
        metadata: { generateName: "registry-collect-" },
        spec: { backoffLimit: 0, template: { spec: { containers: [{ ...container, args: ["--undo"] }] } } },
      },
    ]);
    expect(lines).toEqual([expect.stringContaining("job registry-collect-x in namespace dso"), "waiting 1 s"]);
  });

  it("finds the report before a later message", async () => {
    const { answer } = cluster({ printed: ['{"blobs":1}', "cannot record the disk's use"] });
    expect(await answer()).toBe('{"blobs":1}');
  });

  it("says where to look when the collector ends without a report", async () => {
    const { answer } = cluster({ printed: ["waiting 1 s"] });
    await expect(answer()).rejects.toThrow(
      "job registry-collect-x ended without a report; see: kubectl logs job/registry-collect-x --namespace dso",
    );
  });

  it("repeats the collector's error", async () => {
    const { answer } = cluster({ states: [ended("Failed")], printed: ["error: the storage is not readable"] });
    await expect(answer()).rejects.toThrow("job registry-collect-x failed: the storage is not readable");
  });

  it("asks for pulumi up where the CronJob is missing", async () => {
    const { answer, created } = cluster({ found: false });
    await expect(answer()).rejects.toThrow("namespace dso has no CronJob registry-collect; run pulumi up");
    expect(created).toEqual([]);
  });
});
