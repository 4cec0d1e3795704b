import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hooks, withHooks } from "../../../hosts/apply/hooks.ts";

const folder = new URL("../../../hosts/apply/", import.meta.url);
const required = "hook_preflight() { :; }\nhook_verify() { :; }\n";

describe("withHooks", () => {
  it("puts a bundle's own hook after the default, so that it replaces it", () => {
    const script = withHooks({ name: "b", script: `${required}hook_activate() { echo ours; }\n` });
    expect(script.indexOf("hook_activate() { :; }")).toBeGreaterThanOrEqual(0);
    expect(script.indexOf("hook_activate() { echo ours; }")).toBeGreaterThan(script.indexOf("hook_activate() { :; }"));
  });

  it("rejects a hook that does not exist, as a misspelled one, and names those that do", () => {
    const script = `${required}hook_activat() { :; }\n`;
    expect(() => withHooks({ name: "b", script })).toThrow(
      /^bundle b: its script defines hook_activat; the hooks are hook_find_host_paths, .*hook_delete_data$/,
    );
  });

  it("rejects the name of a hook without its prefix", () => {
    expect(() => withHooks({ name: "b", script: `${required}activate() { :; }\n` })).toThrow(
      "its script defines activate;",
    );
  });

  it("rejects a bundle without a hook that has no default", () => {
    const script = "hook_preflight() { :; }\n";
    expect(() => withHooks({ name: "b", script })).toThrow(
      "bundle b: its script does not define hook_verify, which every bundle needs",
    );
  });
});

describe("the program that applies bundles", () => {
  const calls = (file: string) =>
    Array.from(readFileSync(new URL(file, folder), "utf8").matchAll(/^[^#\n]*\b(hook_\w+)/gm), ([, hook = ""]) => hook);
  const positions = (called: string[]) => called.map((hook) => Object.keys(hooks).indexOf(hook));
  const ascending = (numbers: number[]) => [...numbers].sort((one, other) => one - other);

  it("calls each hook of the list, and no other", () => {
    const called = readdirSync(folder).flatMap((file) => (file.endsWith(".sh") ? calls(file) : []));
    expect([...new Set(called)].sort()).toEqual(Object.keys(hooks).sort());
  });

  it("calls them in the order of the list", () => {
    const [apply = "", failure = ""] = readFileSync(new URL("apply.sh", folder), "utf8").split(/^print_summary/m);
    const inOrder = (text: string) =>
      positions(Array.from(text.matchAll(/^ +(?:if ! )?(hook_\w+)/gm), ([, hook = ""]) => hook));
    expect(inOrder(apply)).toEqual(ascending(inOrder(apply)));
    expect(inOrder(failure)).toContain(Object.keys(hooks).indexOf("hook_abort"));
    expect(positions(calls("remove.sh"))).toEqual(ascending(positions(calls("remove.sh"))));
  });
});
