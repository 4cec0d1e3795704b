import { describe, expect, it } from "vitest";
import { reachesBelow } from "../../../../settings/formats/repository-glob.ts";

describe("reachesBelow", () => {
  it.each([
    ["**", "p2c"],
    ["**", ""],
    ["p2c/**", "p2c"],
    ["p2c/*", "p2c"],
    ["*/shop", "p2c"],
    ["docker-internal/p2c/team-a/**", "docker-internal/p2c"],
    ["docker-internal/**/base", "docker-internal/p2c"],
    ["shop", ""],
  ])("%s reaches below %j", (glob, prefix) => {
    expect(reachesBelow(glob, prefix)).toBe(true);
  });

  it.each([
    ["p2c", "p2c"],
    ["*", "p2c"],
    ["other/**", "p2c"],
    ["docker-internal/*", "docker-internal/p2c"],
    ["docker-internal/p2c-old/**", "docker-internal/p2c"],
  ])("%s does not reach below %j", (glob, prefix) => {
    expect(reachesBelow(glob, prefix)).toBe(false);
  });
});
