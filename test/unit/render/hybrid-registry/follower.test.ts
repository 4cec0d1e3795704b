import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followerScript } from "../../../../render/hybrid-registry/follower.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "follower-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The program, Docker's DNS and Kubernetes played by shell: what it asks of Kubernetes until the answers end. */
function follow(...dns: string[]): string[] {
  writeFileSync(join(folder, "answers"), dns.map((address) => `${address}\n`).join(""));
  program("getent", `read -r address <${folder}/answers; [ -z "$address" ] || echo "$address STREAM $2"`);
  program("kubectl", `echo "$*" >>${folder}/asked`);
  program("sleep", `sed -i 1d ${folder}/answers; [ -s ${folder}/answers ] || kill $PPID`);
  writeFileSync(join(folder, "asked"), "");
  const script = followerScript({ container: "hostk8s-registry", namespace: "hostk8s" });
  execaSync("sh", ["-c", script], { env: { PATH: `${folder}:${process.env.PATH}` }, reject: false });
  return readFileSync(join(folder, "asked"), "utf8").split("\n").filter(Boolean);
}

function program(name: string, text: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

describe("what keeps a Service at the container", () => {
  it("patches its slice once for each other address, and not while the container is away", () => {
    const asked = follow("172.18.0.9", "172.18.0.9", "", "172.18.0.9", "172.18.0.7");
    expect(asked).toEqual(["172.18.0.9", "172.18.0.7"].map((address) => expect.stringContaining(`["${address}"]`)));
    expect(asked[0]).toContain("patch endpointslice registry-container --namespace hostk8s --type merge");
  });
});
