import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type StackSettings, writeConfig } from "../../../../lab/engine/stack-settings.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const settings = withFreshWorld((cleanup): StackSettings => {
  const folder = temporaryFolder(cleanup, "stack-settings");
  return { folder, file: join(folder, "Pulumi.lab.yaml"), project: "container-registry" };
});

const values = { variant: { kind: "host", tls: { kind: "none" } }, accounts: [{ name: "team-a", push: ["a/**"] }] };

const block = `config:
  container-registry:variant:
    kind: host
    tls:
      kind: none
  container-registry:accounts:
    - name: team-a
      push:
        - a/**
`;

describe("writeConfig", () => {
  it.each([
    ["there is none yet", undefined, block],
    ["it is empty", "", block],
    ["it is an empty map", "{}\n", block],
    ["`config` is an empty map", "config: {}\n", block],
    ["all of it is in braces", "{ config: { container-registry:variant: { kind: cluster } } }\n", block],
    ["pulumi wrote the salt into it", "encryptionsalt: v1:abc\n", `encryptionsalt: v1:abc\n${block}`],
  ])("writes a stack file without braces where %s", async (_, before, after) => {
    if (before !== undefined) await writeFile(settings().file, before);
    await writeConfig(settings(), values);
    expect(await readFile(settings().file, "utf8")).toBe(after);
  });

  it("writes a stack file without braces after all its keys were taken out", async () => {
    await writeConfig(settings(), values);
    await writeConfig(settings(), { variant: undefined, accounts: undefined });
    await writeConfig(settings(), values);
    expect(await readFile(settings().file, "utf8")).toBe(block);
  });

  it("keeps the comments and the style of the values that it does not set", async () => {
    const own = `# mine\nconfig:\n  kubernetes:context: kind # here\n  container-registry:containerRegistry: { host: registry.example.org }\n`;
    await writeFile(settings().file, own);
    await writeConfig(settings(), { rotateEvery: "90d" });
    expect(await readFile(settings().file, "utf8")).toBe(`${own}  container-registry:rotateEvery: 90d\n`);
  });
});
