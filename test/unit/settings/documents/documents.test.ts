import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { documents } from "../../../../settings/documents/documents.ts";
import { stackSchema } from "../../../../settings/documents/json-schema.ts";
import { referenceTables } from "../../../../settings/documents/reference.ts";

const fromRoot = (path: string) => new URL(`../../../../${path}`, import.meta.url);
const read = (path: string) => readFileSync(fromRoot(path), "utf8");
const stackFiles = readdirSync(fromRoot("examples/stacks")).map((name) => `examples/stacks/${name}`);

describe("documents", () => {
  it.each(Object.entries(documents()))("%s is what npm run schema writes", (path, text) => {
    expect(read(path)).toBe(text);
  });
});

describe("stackSchema", () => {
  const schema = z.fromJSONSchema(stackSchema() as z.core.JSONSchema.JSONSchema);

  it.each(stackFiles)("accepts %s", (path) => {
    expect(schema.safeParse(parse(read(path))).error).toBeUndefined();
  });

  it.each(stackFiles)("is named by the first line of a copy of %s in the project's folder", (path) => {
    const [, named = ""] = /^# yaml-language-server: \$schema=(.+)\n/.exec(read(path)) ?? [];
    expect(new URL(named, fromRoot("Pulumi.team.yaml"))).toEqual(fromRoot("docs/stack.schema.json"));
  });

  it.each([
    ["an unknown key", { "container-registry:varaint": {} }],
    ["a secret in plain text", { "container-registry:registryPassword": "correct horse" }],
    ["an unknown field", { "container-registry:containerRegistry": { host: "registry.example.org", path: "p2c" } }],
  ])("refuses %s", (_what, extra) => {
    const { config } = parse(read("examples/stacks/org-registry.yaml"));
    expect(schema.safeParse({ config: { ...config, ...extra } }).success).toBe(false);
  });

  it.each([
    ["an encrypted secret", { "container-registry:registryPassword": { secure: "v1:abc" } }],
    ["another namespace", { "kubernetes:context": "microk8s" }],
  ])("accepts %s", (_what, extra) => {
    const { config, ...rest } = parse(read("examples/stacks/org-registry.yaml"));
    expect(
      schema.safeParse({ ...rest, encryptionsalt: "v1:abc", config: { ...config, ...extra } }).error,
    ).toBeUndefined();
  });
});

it.each(stackFiles)("%s › says how it becomes a stack's file", (path) => {
  const command = /^# {3}cp (\S+) Pulumi\.([a-z]+)\.yaml && pulumi stack init ([a-z]+)$/m;
  const [, from, file, stack] = command.exec(read(path)) ?? [];
  expect([from, file]).toEqual([path, stack]);
});

describe("referenceTables", () => {
  it("explains every field", () => {
    const rows = referenceTables()
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((row) => /^\| `[^|]+` \| *(\(|,|\|)/.test(row))).toEqual([]);
  });
});
