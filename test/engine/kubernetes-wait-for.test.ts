import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../lab/pulumi-fakes/kubernetes/object.ts";
import { waitFor } from "../../lab/pulumi-fakes/kubernetes/wait/wait-for.ts";

const certificate: KubeObject = {
  metadata: { name: "certificate", generation: 2, labels: { "app.example/name": "it" } },
  status: {
    revision: 3,
    nested: { list: [{ name: "first" }] },
    conditions: [
      { type: "Ready", status: "True", observedGeneration: 2 },
      { type: "Issuing", status: "False" },
      { type: "Stale", status: "True", observedGeneration: 1 },
    ],
  },
};

const cluster = {
  get: () => Promise.reject(new Error("asked for something else")),
  list: () => Promise.reject(new Error("asked for something else")),
};
const look = (annotation: string) => waitFor(annotation).look(certificate, { cluster, waitedMs: 0 });

describe("the annotation pulumi.com/waitFor", () => {
  it.each([
    ["condition=Ready", true],
    ["condition=ready=true", true],
    ["condition=Issuing", false],
    ["condition=Issuing=False", true],
    ["condition=Missing", false],
    ["condition=Stale", false],
    ["jsonpath={.status.revision}", true],
    ["jsonpath={.status.revision}=3", true],
    ["jsonpath={.status.revision}=4", false],
    ["jsonpath={ $.status.nested.list[0].name }=first", true],
    ["jsonpath={.status.nested}", true],
    ["jsonpath={.status.missing}", false],
    ["jsonpath={.metadata.labels['app.example/name']}=it", true],
    ['["condition=Ready", "jsonpath={.status.revision}=3"]', true],
    ['["condition=Ready", "condition=Issuing"]', false],
  ])("%s is met: %s", async (annotation, ready) => {
    expect((await look(annotation)).ready).toBe(ready);
  });

  it("says what it waits for", async () => {
    expect((await look("condition=Issuing")).status).toBe("Resource has condition Issuing=False (want True)");
  });

  it.each([
    ["Ready", 'expected a "jsonpath=" or "condition=" prefix, got "Ready"'],
    ["[]", "at least one condition must be specified"],
    ['jsonpath={.status.conditions[?(@.type=="Ready")]}', "not supported by the lab's fake"],
    ["jsonpath=.status.revision", "not supported by the lab's fake"],
  ])("refuses %s", (annotation, message) => {
    expect(() => waitFor(annotation)).toThrow(message);
  });
});
