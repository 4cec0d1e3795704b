import { describe, expect, it } from "vitest";
import { expiryWarnings } from "../../../../settings/warnings/expiry.ts";
import { changed, hostStack, parsed } from "../stacks.ts";

const warningsOf = (expires: string, more = {}) => {
  const accounts = [
    { name: "jenkins", push: ["**"] },
    { name: "dana", push: ["**"], expires },
  ];
  return [...expiryWarnings(parsed(changed(hostStack, { accounts, ...more })).settings, "2027-01-15")];
};

describe("expiryWarnings", () => {
  it.each(["2027-01-15", "2027-01-16", "2027-01-29"])("tell of an account whose last day is %s", (day) => {
    expect(warningsOf(day)).toEqual([
      `account dana works to the end of ${day} (UTC); to keep it, set accounts[].expires to a later day`,
    ]);
  });

  it("tell of an account that has ended", () => {
    expect(warningsOf("2027-01-14")).toEqual(["account dana expired on 2027-01-14"]);
  });

  it("say nothing while there is time", () => {
    expect(warningsOf("2027-01-30")).toEqual([]);
  });

  it("tell who stops with it", () => {
    const more = {
      "containerRegistry.account": "dana",
      pullSecrets: [{ namespace: "team-a", name: "registry", account: "dana" }],
      flux: { account: "dana" },
    };
    expect(warningsOf("2027-01-14", more)).toEqual([
      "account dana expired on 2027-01-14, and CI logs in with it, pods in team-a pull with it by registry, Flux reads with it",
    ]);
  });
});
