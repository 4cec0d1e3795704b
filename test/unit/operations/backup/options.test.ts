import { describe, expect, it } from "vitest";
import { backUp } from "../../../../operations/backup/back-up.ts";
import { restore } from "../../../../operations/backup/restore.ts";
import { verifyBackup } from "../../../../operations/backup/verify.ts";
import { collectOnHost } from "../../../../operations/collection/collect-on-host.ts";
import type { LiveStack } from "../../../../operations/live-stack.ts";
import { parseStack } from "../../../../settings/parse-stack.ts";

const file = {
  containerRegistry: { host: "registry.example.org" },
  variant: { kind: "host", connection: { kind: "local" }, tls: { kind: "private-ca" } },
  accounts: [{ name: "jenkins", push: ["**"] }],
};
const entries = Object.entries(file).map(([key, value]) => ({ key, value: JSON.stringify(value), encrypted: false }));
const stack: LiveStack = { name: "dev", options: [], kubernetes: {}, ...parseStack("dev", entries, "Pulumi.dev.yaml") };

describe("restore", () => {
  it.each([
    [{ image: "app:1.0", repository: "app" }, "an image or --repository, not both"],
    [{ image: "app" }, '"app" names no tag; REPOSITORY:TAG, as in team-a/app:1.4'],
    [{ image: `app:1.0@sha256:${"0".repeat(64)}` }, "names no tag"],
    [{ at: "yesterday" }, "--at yesterday is no time"],
  ])("refuses %o", async (options, message) => {
    await expect(restore(stack, options)).rejects.toThrow(message);
  });
});

describe("backup verify --sample", () => {
  it.each(["10", "0%", "101%", "half", "2.5%"])("refuses %s", async (sample) => {
    await expect(verifyBackup(stack, sample)).rejects.toThrow(`--sample ${sample} is no share of the tags; 1% to 100%`);
  });
});

describe("a program of the registry host", () => {
  it("says which key of the stack file it comes with", async () => {
    await expect(backUp(stack)).rejects.toThrow("stack dev has no key backup; add it to the stack file");
    await expect(collectOnHost(stack, [])).rejects.toThrow("stack dev has no key garbageCollection");
  });
});
