import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { endpointSyncScript } from "../../../../render/hybrid-registry/endpoint-sync.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const folder = withFreshWorld((cleanup) => temporaryFolder(cleanup, "endpoint-sync"));

type Given = {
  /** What the resolver answers in each round: addresses with spaces between, or nothing. */
  answers: string[];
  /** What a wildcard in a DNS search domain answers for every bare name. @default nothing */
  wildcard?: string;
  subnets?: string[];
};

/** Runs the script with getent and kubectl played by shell: returns the addresses of each patch until the answers end. */
function syncedAddresses({ answers, wildcard = "", subnets = ["172.18.0.0/16"] }: Given): string[] {
  writeFileSync(join(folder(), "answers"), answers.map((addresses) => `${addresses}\n`).join(""));
  program(
    "getent",
    `read -r addresses <${folder()}/answers
    case "$2" in *.) ;; *) addresses="\${addresses:-${wildcard}}" ;; esac
    for address in $addresses; do printf '%s %s\\n' "$address" STREAM "$address" DGRAM "$address" RAW; done`,
  );
  program("kubectl", `echo "$*" >>${folder()}/asked`);
  program("sleep", `sed -i 1d ${folder()}/answers; [ -s ${folder()}/answers ] || kill $PPID`);
  writeFileSync(join(folder(), "asked"), "");
  const script = endpointSyncScript({ container: "hostk8s-registry", namespace: "hostk8s", subnets });
  execaSync("sh", ["-c", script], { env: { PATH: `${folder()}:${process.env.PATH}` }, reject: false });
  const patches = readFileSync(join(folder(), "asked"), "utf8").split("\n").filter(Boolean);
  for (const patch of patches)
    expect(patch).toContain("patch endpointslice registry-container --namespace hostk8s --type merge");
  return patches.map((patch) => {
    const { endpoints } = JSON.parse(patch.replace(/^.* --patch /, ""));
    return endpoints.flatMap(({ addresses }: { addresses: string[] }) => addresses).join(" ");
  });
}

function program(name: string, text: string): void {
  writeFileSync(join(folder(), name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

describe("the endpoint sync's EndpointSlice", () => {
  it("is patched once whenever the container's address changes", () => {
    const answers = ["172.18.0.9", "172.18.0.9", "172.18.0.7"];
    expect(syncedAddresses({ answers })).toEqual(["172.18.0.9", "172.18.0.7"]);
  });

  it("is empty while the container is stopped, since another container may get its address", () => {
    const answers = ["172.18.0.9", "", "", "172.18.0.9"];
    expect(syncedAddresses({ answers })).toEqual(["172.18.0.9", "", "172.18.0.9"]);
  });

  it("is emptied if the container is stopped when the endpoint sync starts", () => {
    expect(syncedAddresses({ answers: ["", "172.18.0.9"] })).toEqual(["", "172.18.0.9"]);
  });

  it("never holds an address outside the Docker network", () => {
    const answers = ["172.18.0.9", "203.0.113.9", "172.19.0.9", "172.18.0.7"];
    expect(syncedAddresses({ answers })).toEqual(["172.18.0.9", "", "172.18.0.7"]);
  });

  it("has the one of several addresses that is in the Docker network", () => {
    expect(syncedAddresses({ answers: ["203.0.113.9 fd00::9 172.18.0.9"] })).toEqual(["172.18.0.9"]);
  });

  it("has an IPv6 address if the Docker network has no IPv4", () => {
    const answers = ["fc00:f853:ccd:e793::9", "2001:db8::9", "172.18.0.9"];
    expect(syncedAddresses({ answers, subnets: ["fc00:f853:ccd:e793::/64"] })).toEqual(["fc00:f853:ccd:e793::9", ""]);
  });

  it("ignores a DNS search domain whose wildcard is an address in the Docker network", () => {
    expect(syncedAddresses({ answers: ["172.18.0.9", "", "172.18.0.9"], wildcard: "172.18.0.66" })).toEqual([
      "172.18.0.9",
      "",
      "172.18.0.9",
    ]);
  });
});
