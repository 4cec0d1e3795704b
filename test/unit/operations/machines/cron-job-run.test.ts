import { describe, expect, it } from "vitest";
import { KubectlError } from "../../../../operations/kubectl.ts";
import { type CronJobRun, runCronJob } from "../../../../operations/machines/cron-job-run.ts";

const storage = { name: "storage", mountPath: "/var/lib/registry", readOnly: true };
const container = { name: "collect", image: "registry:3", args: ["--wait", "3600"], volumeMounts: [storage] };
const beside = { name: "beside", image: "registry:3" };
const cronJob = {
  spec: { jobTemplate: { spec: { backoffLimit: 1, template: { spec: { containers: [container, beside] } } } } },
};
const running = { metadata: { name: "registry-collect-x" }, status: { ready: 1 } };
const ended = (type: string) => ({ ...running, status: { failed: 1, conditions: [{ type, status: "True" }] } });

type Asked = { states?: object[]; printed?: string[]; found?: boolean; asked?: Partial<CronJobRun> };

/** A cluster in which the Job has these states, one after the other, and prints this. */
function cluster({
  states = [running, ended("Complete")],
  printed = ["waiting 1 s", "{}"],
  found = true,
  asked = {},
}: Asked) {
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
  const asks = { namespace: "dso", cronJob: "registry-collect", args: ["--undo"], ...asked };
  return { created, lines, answer: () => runCronJob({ run }, { ...asks, onLine: (line) => lines.push(line) }) };
}

describe("a CronJob that is run by hand", () => {
  it("runs the CronJob's pod once with other arguments, and returns its last line", async () => {
    const { answer, created, lines } = cluster({});
    expect(await answer()).toBe("{}");
    expect(created.map((text) => JSON.parse(text))).toMatchObject([
      {
        kind: "Job",
        metadata: { generateName: "registry-collect-" },
        spec: { backoffLimit: 0, template: { spec: { containers: [{ ...container, args: ["--undo"] }, beside] } } },
      },
    ]);
    expect(lines).toEqual([expect.stringContaining("job registry-collect-x in namespace dso"), "waiting 1 s"]);
  });

  it("mounts a volume for writing where asked to", async () => {
    const { answer, created } = cluster({ asked: { writes: "storage" } });
    await answer();
    expect(JSON.parse(created[0] ?? "").spec.template.spec.containers[0].volumeMounts).toEqual([
      { name: "storage", mountPath: "/var/lib/registry" },
    ]);
  });

  it("returns the problems before the report, and shows only messages", async () => {
    const problem = "live\tmissing blob\tsha256:1\tapp:1";
    const { answer, lines } = cluster({
      states: [ended("Failed")],
      printed: ["checking the live storage", problem, "live: missing blob sha256:1", "{}"],
      asked: { failsOnProblems: true },
    });
    expect(await answer()).toBe(`${problem}\n{}`);
    expect(lines.slice(1)).toEqual(["checking the live storage", "live: missing blob sha256:1"]);
  });

  it("finds the report before a later message", async () => {
    const { answer } = cluster({ printed: ['{"blobs":1}', "cannot record the disk's use"] });
    expect(await answer()).toBe('{"blobs":1}');
  });

  it("says where to look when a Job ends without a report", async () => {
    const { answer } = cluster({ printed: ["waiting 1 s"] });
    await expect(answer()).rejects.toThrow(
      "job registry-collect-x ended without a report; see: kubectl logs job/registry-collect-x --namespace dso",
    );
  });

  it("repeats the program's error", async () => {
    const { answer } = cluster({ states: [ended("Failed")], printed: ["error: the storage is not readable"] });
    await expect(answer()).rejects.toThrow("job registry-collect-x failed: the storage is not readable");
  });

  it("asks for pulumi up where the CronJob is missing", async () => {
    const { answer, created } = cluster({ found: false });
    await expect(answer()).rejects.toThrow("namespace dso has no CronJob registry-collect; run pulumi up");
    expect(created).toEqual([]);
  });
});
