import { describe, expect, it } from "vitest";
import { logEvent } from "../../../../operations/commands/logs/log-event.ts";
import { eventsText } from "../../../../operations/commands/logs/logs-text.ts";
import { accessLine } from "./access-line.ts";

const digest = `sha256:${"a".repeat(64)}`;
const app = "/v2/team-a/app";

const told = (...line: Parameters<typeof accessLine>) => {
  const event = logEvent(accessLine(...line));
  return event && [event.action, event.repository, event.reference, event.failed];
};

describe("a line of the access log", () => {
  it.each([
    ["a push", "PUT", `${app}/manifests/v1`, 201, "jenkins", ["push", "team-a/app", "v1", false]],
    ["a pull", "GET", `${app}/manifests/v1`, 200, "", ["pull", "team-a/app", "v1", false]],
    ["a pull by digest", "GET", `${app}/manifests/${digest}`, 200, "", ["pull", "team-a/app", digest, false]],
    ["a look at a tag", "HEAD", `${app}/manifests/v1`, 200, "", ["look", "team-a/app", "v1", false]],
    ["a deletion", "DELETE", `${app}/manifests/${digest}`, 202, "jenkins", ["delete", "team-a/app", digest, false]],
    ["an image that is not there", "GET", `${app}/manifests/v2`, 404, "", ["pull", "team-a/app", "v2", true]],
    [
      "a push without the right",
      "POST",
      `${app}/blobs/uploads/`,
      403,
      "team-b",
      ["push", "team-a/app", undefined, true],
    ],
    ["a pull without the right", "GET", `${app}/manifests/v1`, 403, "team-b", ["pull", "team-a/app", "v1", true]],
    ["a refused login", "GET", "/token?service=r&scope=x", 401, "", ["login", undefined, undefined, true]],
    ["a layer that fails", "GET", `${app}/blobs/${digest}`, 502, "", ["pull", "team-a/app", undefined, true]],
    ["a registry that fails", "GET", "/v2/_catalog", 500, "jenkins", ["other", undefined, undefined, true]],
  ])("tells of %s", (_what, method, uri, status, account, expected) => {
    expect(told({ method, uri, status, account })).toEqual(expected);
  });

  it.each([
    ["a layer", "GET", `${app}/blobs/${digest}`, 200, ""],
    ["the question whether a layer is there", "HEAD", `${app}/blobs/${digest}`, 404, "jenkins"],
    ["a token", "GET", "/token?service=r", 200, "jenkins"],
    ["the 401 that asks for a login", "GET", `${app}/manifests/v1`, 401, ""],
    ["a manifest that is not there yet", "HEAD", `${app}/manifests/${digest}`, 404, "jenkins"],
  ])("leaves out %s, a step of a pull or push", (_what, method, uri, status, account) => {
    expect(told({ method, uri, status, account })).toBeUndefined();
  });

  it.each(["", "no JSON", "{}", '{"ts":1}'])("is left out where it is none: %o", (line) => {
    expect(logEvent(line)).toBeUndefined();
  });

  it("never brings a control character to the terminal", () => {
    const event = logEvent(accessLine({ uri: "/v2/a\u001b[2J/manifests/v\u0007", user_agent: "\u001b]0;title" }));
    expect(event).toMatchObject({ repository: "a?[2J", reference: "v?", client: "?]0;title" });
  });
});

describe("events as text", () => {
  const events = [
    accessLine({ at: 1_795_000_000, account: "jenkins", method: "PUT", status: 201 }),
    accessLine({ at: 1_795_000_001, account: "", uri: `${app}/manifests/${digest}` }),
    accessLine({ at: 1_795_000_002, account: "team-b", method: "PUT", status: 403 }),
  ].flatMap((line) => logEvent(line) ?? []);

  it("has what failed first", () => {
    expect(eventsText(events)).toBe(`failed:
2026-11-18 11:06:42  team-b        push refused: no right (403)  team-a/app:v1  from 192.0.2.7 by docker/24.0.7

pulls, pushes and deletions:
2026-11-18 11:06:40  jenkins       pushed  team-a/app:v1  from 192.0.2.7 by docker/24.0.7
2026-11-18 11:06:41  anonymous     pulled  team-a/app@sha256:aaaaaaaaaaaa  from 192.0.2.7 by docker/24.0.7`);
  });

  it("says that there are none", () => {
    expect(eventsText([])).toBe("nobody pulled, pushed or failed in this time");
  });
});
