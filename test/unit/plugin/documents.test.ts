import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { components } from "../../../plugin/components.ts";
import { checkInputs } from "../../../plugin/inputs/check-inputs.ts";
import { resolveInputs } from "../../../plugin/inputs/resolve-inputs.ts";
import { packageSchema } from "../../../plugin/schema/package-schema.ts";

const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/use-from-a-program.md"), "utf8");
const resources = Object.entries(packageSchema("0.0.0").resources);

/** The names in backticks of each cell in a component's row. */
function row(component: string): string[][] {
  const line = page.split("\n").find((each) => each.startsWith(`| \`${component}\``)) ?? "";
  return line.split("|").map((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
}

describe("docs/use-from-a-program.md", () => {
  it.each(resources)("names every input and output of %s", (token, { inputProperties, properties }) => {
    const [, , inputs = [], secrets = [], outputs = []] = row(token.split(":").at(-1) ?? "");
    const isSecret = (name: string) => inputProperties[name]?.secret === true;
    const names = Object.keys(inputProperties);
    expect(inputs.sort()).toEqual(names.filter((name) => !isSecret(name)).sort());
    expect(secrets.sort()).toEqual(names.filter(isSecret).sort());
    expect(outputs.sort()).toEqual(Object.keys(properties).sort());
  });
});

describe("examples/yaml/Pulumi.yaml", () => {
  const program = parse(readFileSync(join(root, "examples/yaml/Pulumi.yaml"), "utf8"));
  const examples = Object.entries<{ type: string; properties: pulumi.Inputs }>(program.resources);

  it.each(examples)("has valid inputs for %s", async (name, { type, properties }) => {
    const component = components.find((each) => type === `container-registry:${each.name}`);
    if (component === undefined) throw new Error(`no component ${type}`);
    const given = await resolveInputs(withUnknowns(properties) as pulumi.Inputs);
    expect(checkInputs(component, name, given)).toBeDefined();
  });
});

/** What `${…}` refers to is known only while the program runs. */
function withUnknowns(value: unknown): unknown {
  if (typeof value === "string") return /^\$\{.*\}$/.test(value) ? pulumi.secret(pulumi.unknown) : value;
  if (Array.isArray(value)) return value.map(withUnknowns);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withUnknowns(each)]));
}
