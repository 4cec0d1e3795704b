import { describe, expect, it, vi } from "vitest";
import { startJenkins } from "../../../../lab/jenkins/start-jenkins.ts";
import { withFreshWorld } from "../../../with-world.ts";
import { entryXml, store, visit, xml } from "./visitor.ts";

const jenkins = withFreshWorld(() => startJenkins());

const create = (id: string) =>
  visit(jenkins(), `${store}/createCredentials`, { method: "POST", headers: xml, body: entryXml(id) });
const ids = () =>
  jenkins()
    .credentials()
    .map(({ id }) => id);

describe("the faults of the fake Jenkins", () => {
  it("answers everything with 503 while it starts", async () => {
    jenkins().faults.starting = true;
    expect([(await create("a")).status, (await visit(jenkins(), `${store}/api/json`)).status]).toEqual([503, 503]);
    expect(ids()).toEqual([]);
  });

  it("fails one write, which changes nothing", async () => {
    jenkins().faults.failNextWrite();
    expect([(await create("a")).status, (await create("a")).status]).toEqual([500, 200]);
    expect(ids()).toEqual(["a"]);
  });

  it("stops after a write, and retains it", async () => {
    jenkins().faults.dieAfterWrites(1);
    expect((await create("a")).status).toBe(200);
    await expect(create("b")).rejects.toThrow("ECONNREFUSED");
    await jenkins().start();
    expect((await create("b")).status).toBe(200);
    expect(ids()).toEqual(["a", "b"]);
  });

  it("stops before it answers a write, and retains what was written", async () => {
    jenkins().faults.dieAfterWrites(1, { heard: false });
    await expect(create("a")).rejects.toThrow("socket hang up");
    await jenkins().start();
    expect(ids()).toEqual(["a"]);
  });

  it("hangs after a write until it is resumed, and drops the waiting requests", async () => {
    const goOn = jenkins().faults.hangAfterWrites(1);
    expect((await create("a")).status).toBe(200);
    const waiting = create("b");
    const lost = expect(waiting).rejects.toThrow("socket hang up");
    await vi.waitUntil(() => jenkins().faults.hangs, { timeout: 20_000 });
    goOn();
    await lost;
    expect((await create("c")).status).toBe(200);
    expect(ids()).toEqual(["a", "c"]);
  });

  it("logs each request without credentials", async () => {
    await create("a");
    expect(jenkins().requests).toEqual([
      { method: "POST", path: `${store}/createCredentials`, status: 200, body: entryXml("a") },
    ]);
  });
});
