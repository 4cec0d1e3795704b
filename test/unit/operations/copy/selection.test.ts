import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { patternsIn, requirePrefix, selectPairs } from "../../../../operations/copy/selection.ts";
import { RegistryApi } from "../../../../operations/registry-api/registry-api.ts";
import { FakeRegistry } from "../registry-api/fake-registry.ts";

let registry: FakeRegistry;
let api: RegistryApi;

beforeEach(async () => {
  registry = await FakeRegistry.start();
  api = new RegistryApi({ url: registry.url, ca: "" }, () => undefined);
  for (const name of ["shop/app", "shop/web/api", "shopping", "other"]) registry.image(name, "v1", ["layer"]);
});
afterEach(() => {
  api[Symbol.dispose]();
  registry[Symbol.dispose]();
});

const select = (match: string, path = "", prefix = "") =>
  selectPairs({ api, host: "old.example.org", ca: "", logins: () => undefined, path }, patternsIn(match), prefix);

describe("the repositories to copy", () => {
  it("are all of a registry, or those below a path, without the path", async () => {
    expect((await select("**")).map(({ to }) => to)).toEqual(["other", "shop/app", "shop/web/api", "shopping"]);
    expect(await select("**", "shop", "moved")).toEqual([
      { from: "shop/app", to: "moved/app" },
      { from: "shop/web/api", to: "moved/web/api" },
    ]);
  });

  it("are named without asking for the list, which Docker Hub does not have", async () => {
    expect(await select("nginx:1.*,nginx:latest,redis", "library", "hub")).toEqual([
      { from: "library/nginx", to: "hub/nginx", tags: ["1.*", "latest"] },
      { from: "library/redis", to: "hub/redis" },
    ]);
    expect(registry.requests).toEqual([]);
  });

  it("have every tag where one of several patterns names none", async () => {
    expect(await select("shop/*:v1,**")).toContainEqual({ from: "shop/app", to: "shop/app" });
  });

  it("are an error where nothing matches", async () => {
    await expect(select("team-a/**")).rejects.toThrow("old.example.org has no repository that team-a/** matches, of 4");
  });

  it.each([
    ["App", "is no repository path"],
    ["app*", "mixes text and wildcard"],
    ["app:", "a tag, in which"],
    ["app:v1:v2", "more than one colon"],
    ["app,", "holds an empty segment"],
  ])("refuses --match %s", (match, message) => {
    expect(() => patternsIn(match)).toThrow(message);
  });

  it("refuses a prefix that no repository can have", () => {
    expect(() => requirePrefix("/Team")).toThrow('--to "/Team": lower-case path segments');
    expect(() => requirePrefix("team/a")).not.toThrow();
  });
});
