import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shellFiles } from "../../../../hosts/shell.ts";
import { shells } from "../shells.ts";

const program = shellFiles(new URL("../../../../hosts/health/", import.meta.url), ["trust"]);

let folder: string;
const path = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(path(name), text);

/** A node on which an apply has written one file, a line of /etc/hosts and an entry in Docker's JSON. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trust-"));
  write("ca.crt", "the CA\n");
  write("hosts", "192.0.2.1 r # container-registry trust-docker-r\n");
  write("daemon.json", '{ "insecure-registries": ["r:5000"] }\n');
  const sum = createHash("sha256").update("the CA\n").digest("hex");
  const entry = Buffer.from('{"insecure-registries":["r:5000"]}\n').toString("base64");
  mkdirSync(path("trust-docker-node-1.0123"));
  write(
    "trust-docker-node-1.0123/manifest",
    `0644 ${path("ca.crt")}
sum ${sum} ${path("ca.crt")}
entry hosts ${path("hosts")} MTkyLjAuMi4xIHIK trust-docker-r
entry daemon-json ${path("daemon.json")} ${entry} trust-docker-r
action reload
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each(shells)("a node that is asked whether it trusts the registry, with $name", (shell) => {
  const say = (bundle = "trust-docker-node-1") =>
    execFileSync(shell.sh, ["-c", `bundle=${bundle}\n${program.replaceAll("/var/lib/container-registry", folder)}`], {
      encoding: "utf8",
      env: { PATH: shell.path },
    }).trim();

  it("does", () => expect(say()).toBe("trusts"));

  it.each([
    ["a file that is gone", () => rmSync(path("ca.crt")), "ca.crt is gone;"],
    ["a changed file", () => write("ca.crt", "another CA\n"), "ca.crt was changed;"],
    ["a line of /etc/hosts", () => write("hosts", ""), "hosts lacks the entry for the registry;"],
    ["an entry of Docker's", () => write("daemon.json", "{}"), "daemon.json lacks the entry for the registry;"],
  ])("lacks %s", (_what, spoil, problem) => {
    spoil();
    expect(say()).toBe(`${folder}/${problem}`);
  });

  it("was never set up", () => expect(say("trust-docker-node-2")).toBe("no up has set it up;"));
});
