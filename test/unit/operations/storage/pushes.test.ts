import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pushesIn, pushesScript } from "../../../../operations/commands/images/pushes.ts";
import { shells } from "../../hosts/shells.ts";

let logs: string;
beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), "access logs-"));
});
afterEach(() => rmSync(logs, { recursive: true }));

/** A line as Caddy writes it. */
const line = (at: number, user_id: string, uri: string, { status = 201, method = "PUT", user_agent = "docker" } = {}) =>
  JSON.stringify({
    ...{ level: "info", ts: at + 0.25, logger: "http.log.access.accounts", msg: "handled request" },
    request: { remote_ip: "192.0.2.7", proto: "HTTP/1.1", method, host: "registry.example.org", uri },
    ...{ bytes_read: 300, user_id, duration: 0.01, size: 0, status, user_agent },
  });
const write = (file: string, ...lines: string[]) => writeFileSync(join(logs, file), `${lines.join("\n")}\n`);

describe.each(shells)("who pushed an image, with $name", ({ sh, path }) => {
  const printed = () =>
    execFileSync(sh, ["-c", pushesScript(logs)], { encoding: "utf8", env: { PATH: path }, stdio: "pipe" });

  it("is the account of the tag's last push that was accepted", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    write(
      "access.log",
      line(3000, "team-a", "/v2/team-a/app/manifests/v1"),
      line(1000, "jenkins", "/v2/team-a/app/manifests/v1"),
      line(4000, "team-b", "/v2/team-a/app/manifests/v1", { status: 403 }),
      line(4000, "team-b", "/v2/team-a/app/manifests/v1", { method: "GET" }),
      line(4000, "jenkins", `/v2/app/manifests/${digest}`),
      line(4000, "jenkins", `/v2/app/blobs/uploads/1?digest=${digest}`),
      line(5000, "jenkins", "/v2/a/manifests/b/manifests/v1?a=b"),
      "not JSON",
    );
    expect([...pushesIn(printed())].sort()).toEqual([
      ["a/manifests/b:v1", { by: "jenkins", at: new Date(5000_250) }],
      ["team-a/app:v1", { by: "team-a", at: new Date(3000_250) }],
    ]);
  });

  it("is also known from rolled files", () => {
    write("access-2026-01-02T03-04-05.000.log", line(999, "jenkins", "/v2/old/manifests/v1"));
    write("access-2026-01-03T03-04-05.000.log", line(1000, "jenkins", "/v2/app/manifests/v1"));
    write("access.log", line(10_000, "team-a", "/v2/app/manifests/v1"));
    write("anonymous.log", line(2000, "nobody", "/v2/app/manifests/v2"));
    expect(Object.fromEntries([...pushesIn(printed())].map(([image, { by }]) => [image, by]))).toEqual({
      "old:v1": "jenkins",
      "app:v1": "team-a",
    });
  });

  it("is read from the keys of the log, whatever a client sends", () => {
    const user_agent = '","status":201,"user_id":"jenkins","ts":9000,"method":"PUT"}';
    write(
      "access.log",
      line(1000, "team-a", "/v2/app/manifests/v1", { user_agent }),
      line(2000, "team-b", "/v2/app/manifests/v1", { user_agent, status: 403 }),
    );
    expect([...pushesIn(printed())]).toEqual([["app:v1", { by: "team-a", at: new Date(1000_250) }]]);
  });

  it("takes one line for each tag from the host, however often it was pushed", () => {
    const pushes = Array.from({ length: 2000 }, (_, index) =>
      line(index, "jenkins", `/v2/app/manifests/v${index % 3}`),
    );
    write("access.log", ...pushes);
    expect(printed().trim().split("\n")).toHaveLength(3);
  });

  it("is unknown without a log", () => {
    expect(printed()).toBe("");
  });
});
