import { describe, expect, it } from "vitest";
import { reconcile } from "../../../lab/cert-manager/controller.ts";

const metadata = { name: "self-signed", generation: 1 };
const issuer = { kind: "Issuer", metadata, spec: { selfSigned: {} } };

describe("the fake for cert-manager", () => {
  it("sets an issuer's Ready condition", async () => {
    expect(await patches([issuer])).toEqual(["issuers.cert-manager.io/self-signed"]);
  });

  it("ignores objects that are being deleted", async () => {
    const going = { ...metadata, generation: 2, deletionTimestamp: "2026-11-21T20:00:00Z" };
    expect(await patches([{ ...issuer, metadata: going }])).toEqual([]);
  });

  it("continues when an object was deleted meanwhile, and fails when it may not write the status", async () => {
    const notFound = 'Error from server (NotFound): issuers.cert-manager.io "self-signed" not found';
    expect(await patches([issuer, issuer], notFound)).toHaveLength(2);
    await expect(patches([issuer], "Error from server (Forbidden): no")).rejects.toThrow("(Forbidden)");
  });
});

/** The objects whose status it patches; with `failure`, kubectl fails with that message. */
async function patches(items: object[], failure?: string): Promise<string[]> {
  const patched: string[] = [];
  await reconcile(async ([verb = "", object = ""]) => {
    if (verb === "get") return JSON.stringify({ items });
    patched.push(object);
    if (failure !== undefined) throw new Error(`kubectl patch failed: ${failure}`);
    return "";
  }, "dso");
  return patched;
}
