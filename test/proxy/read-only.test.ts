import { describe, expect, it } from "vitest";
import { ask } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { withWorld } from "../with-world.ts";

describe.each([false, true])("a read-only proxy, with requiresAuthForPull: %s", (requiresAuthForPull) => {
  const proxy = withWorld(async ({ use }) => {
    const proxy = use(await startProxy({ requiresAuthForPull }));
    await pushImage(proxy, "team/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    await proxy.reload({ readOnly: true });
    return proxy;
  });

  it.each([
    "POST /v2/team/app/blobs/uploads/",
    "PATCH /v2/team/app/blobs/uploads/0f9e",
    "PUT /v2/team/app/manifests/v2",
    "DELETE /v2/team/app/manifests/v1",
  ])("answers %s with 503, and says why", async (line) => {
    const { status, text, headers } = await ask(proxy(), line, { basic: "jenkins" });
    expect({ status, wait: headers["retry-after"] }).toEqual({ status: 503, wait: "60" });
    expect(JSON.parse(text).errors).toEqual([
      {
        code: "UNAVAILABLE",
        message: "the registry moves to another host: this one is read-only; push again later",
      },
    ]);
  });

  it("serves pulls, and tells denied clients what it told them before", async () => {
    expect((await ask(proxy(), "GET /v2/team/app/manifests/v1", { basic: "jenkins" })).status).toBe(200);
    expect((await ask(proxy(), "PUT /v2/team/app/manifests/v2")).status).toBe(401);
    expect((await ask(proxy(), "PUT /v2/team/app/manifests/v2", { basic: "team-a" })).status).toBe(403);
  });
});
