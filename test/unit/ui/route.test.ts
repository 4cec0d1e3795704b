import { expect, it } from "vitest";
import { hashOf, imageName, type Route, routeOf } from "../../../ui/registry/route.ts";

const digest = `sha256:${"a1".repeat(32)}`;

it.each<[string, Route]>([
  ["", { kind: "catalogue" }],
  ["#/", { kind: "catalogue" }],
  ["#/app", { kind: "repository", repository: "app" }],
  ["#/team-a/deep__er/app.x", { kind: "repository", repository: "team-a/deep__er/app.x" }],
  ["#/team-a/app:v1.0-rc_2", { kind: "image", repository: "team-a/app", reference: "v1.0-rc_2" }],
  ["#/team-a/app%3Av1", { kind: "image", repository: "team-a/app", reference: "v1" }],
  [`#/team-a/app@${digest}`, { kind: "image", repository: "team-a/app", reference: digest }],
])("routeOf › takes %s", (hash, route) => {
  expect(routeOf(hash)).toEqual(route);
});

it.each([
  "#/Team",
  "#/a//b",
  "#/a/",
  "#/../v2/",
  "#/a?x=1",
  "#/a:",
  "#/a:b/c",
  "#/a:v1\nx",
  "#/a@sha256:short",
  "#/<img>",
  "#/%E0%A4%A",
  `#/${"a".repeat(256)}`,
])("routeOf › takes %j for no image", (hash) => {
  expect(routeOf(hash).kind).toBe("unknown");
});

it.each(["v1", digest, undefined])("hashOf › leads back by %s", (reference) => {
  expect(routeOf(hashOf("team-a/app", reference))).toMatchObject({
    repository: "team-a/app",
    ...(reference && { reference }),
  });
});

it("imageName › writes a tag after a colon, a digest after an at sign", () => {
  expect(imageName("app", "v1")).toBe("app:v1");
  expect(imageName("app", digest)).toBe(`app@${digest}`);
});
