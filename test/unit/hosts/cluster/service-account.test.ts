import { describe, expect, it } from "vitest";
import { pullSecretMark, serviceAccountCommands } from "../../../../hosts/cluster/service-account.ts";

const secret = "registry";
const key = serviceAccountCommands(secret, "mark", { cluster: "uid", namespace: "a" }).create.match(/^key=(.*)$/m)?.[1];
const account = (resourceVersion: string, mark?: string) => ({
  metadata: {
    uid: "uid",
    resourceVersion,
    annotations: mark === undefined ? { others: "own" } : { [String(key)]: mark },
  },
});
const listed = { imagePullSecrets: [{ name: "others" }, { name: secret }] };

describe("pullSecretMark", () => {
  it("is the one that is there while the Secret is on the list, whatever else changes", () => {
    for (const version of ["1", "2"])
      expect(pullSecretMark(secret, { ...account(version, "registry 1234"), ...listed })).toBe("registry 1234");
  });

  it("is a new one each time that somebody took the Secret out", () => {
    const marks = ["1", "2"].map((version) => pullSecretMark(secret, account(version, "registry 1234")));
    expect(new Set(["registry 1234", ...marks]).size).toBe(3);
  });

  it("is always the same for a Secret that was on the list before", () => {
    for (const version of ["1", "2"])
      expect(pullSecretMark(secret, { ...account(version), ...listed })).toBe("registry was there before");
  });
});
