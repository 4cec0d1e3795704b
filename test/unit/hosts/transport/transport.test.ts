import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { asRoot, removalAsRoot } from "../../../../hosts/transport/transport.ts";

const node = { kind: "docker-container", name: "kind-worker" } as const;

it.each([
  ["docker: Error: No such container: kind-worker", 0, "nothing to remove: the container kind-worker is gone\n"],
  [
    "Error response from daemon: No such container: kind-worker",
    0,
    "nothing to remove: the container kind-worker is gone\n",
  ],
  ["Cannot connect to the Docker daemon", 1, "error: kind-worker: Cannot connect to the Docker daemon\n"],
])("removalAsRoot › ends where docker says %o", (answer, status, words) => {
  const ran = withDocker(`echo '${answer}' >&2; exit 1`, removalAsRoot(node, "echo removed\n"));
  expect({ status: ran.status, words: ran.stderr }).toEqual({ status, words });
});

it.each([
  ["removalAsRoot", removalAsRoot(node, "echo 'it''s'\n")],
  ["asRoot", asRoot(node, "echo 'it''s'\n")],
])("%s › runs the script in a container that is there", (_, text) => {
  const ran = withDocker('case "$1" in exec) shift 3; exec "$@" ;; *) echo ok ;; esac', text);
  expect(ran).toMatchObject({ status: 0, stdout: "its\n", stderr: "" });
});

function withDocker(program: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), "docker-"));
  try {
    writeFileSync(join(folder, "docker"), `#!/bin/sh\n${program}\n`);
    chmodSync(join(folder, "docker"), 0o755);
    return spawnSync("sh", ["-c", text], { env: { PATH: `${folder}:/usr/bin:/bin` }, encoding: "utf8" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
