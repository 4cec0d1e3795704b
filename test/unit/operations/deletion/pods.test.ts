import { describe, expect, it } from "vitest";
import { imagesInUse, runningImages } from "../../../../operations/deletion/pods.ts";
import { digest } from "./contents.ts";

const host = "registry.example.org";

function pod(name: string, spec: object, status: object = {}) {
  return { kind: "Pod", metadata: { name, namespace: "apps" }, spec: { containers: [], ...spec }, status };
}

function images(...items: object[]) {
  const { digests, tags } = imagesInUse(runningImages({ kind: "List", items }));
  return { digests: Object.fromEntries(digests), tags: Object.fromEntries(tags) };
}

describe("images in use", () => {
  it("are those of all containers of a pod, by tag as asked for and by digest as it runs", () => {
    const spec = {
      containers: [{ image: `${host}/team-a/app:v1` }],
      initContainers: [{ image: `${host}/team-a/init` }],
    };
    const running = [{ image: `${host}/team-a/app:v1`, imageID: `${host}/team-a/app@${digest(1)}` }];
    const { digests, tags } = images(pod("web", spec, { phase: "Running", containerStatuses: running }));
    expect(digests).toEqual({ [digest(1)]: "pod apps/web" });
    expect(tags).toMatchObject({ "team-a/app:v1": "pod apps/web", "team-a/init:latest": "pod apps/web" });
  });

  it("are known by digest alone where a pod names one", () => {
    expect(images(pod("web", { containers: [{ image: `${host}:5000/app@${digest(1)}` }] }))).toEqual({
      digests: { [digest(1)]: "pod apps/web" },
      tags: {},
    });
  });

  it.each(["Succeeded", "Failed"])("are not those of a pod that is %s", (phase) => {
    expect(images(pod("job", { containers: [{ image: `${host}/app:v1` }] }, { phase })).tags).toEqual({});
  });

  it("are those that a CronJob starts next time", () => {
    const spec = { jobTemplate: { spec: { template: { spec: { containers: [{ image: `${host}/app:v1` }] } } } } };
    const cronJob = { kind: "CronJob", metadata: { name: "nightly", namespace: "apps" }, spec };
    expect(images(cronJob).tags).toMatchObject({ "app:v1": "cronjob apps/nightly" });
  });

  it("may be ids of a config, as Docker reports them", () => {
    const status = { phase: "Running", containerStatuses: [{ image: "app", imageID: `docker://${digest(7)}` }] };
    expect(images(pod("web", {}, status)).digests).toEqual({ [digest(7)]: "pod apps/web" });
  });
});
