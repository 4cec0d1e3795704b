import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { accountsInCluster, bringAccounts } from "../../../../hosts/cluster/accounts-in-pods.ts";

const quick = { seconds: 0.05, pause: 0.001, load: 0 };

/** A cluster with one pod, whose files have these texts. */
function clusterWith(inPod: Record<string, string>) {
  const objects: Record<string, object> = {
    "configmap/registry-rights": { data: { "rights.caddy": "rights" } },
    "secret/registry-htpasswd": { data: { htpasswd: base64("not mounted"), "accounts.caddy": base64("hashes") } },
    pods: {
      items: [
        { metadata: { name: "one" }, status: { containerStatuses: [{ name: "proxy", state: { running: {} } }] } },
      ],
    },
  };
  return async (verb = "", what = "") => {
    if (verb === "get") return JSON.stringify(objects[what]);
    if (verb !== "exec") return "";
    const lines = Object.entries(inPod).map(
      ([path, text]) => `${createHash("sha256").update(text).digest("hex")}  ${path}\n`,
    );
    return lines.join("");
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

const files = { "/etc/caddy/rights.caddy": "rights", "/etc/caddy/accounts.caddy": "hashes" };

it("reads the passwords and rights that pods shall have from the cluster's objects", async () => {
  expect(await accountsInCluster(clusterWith({}), "registry")).toEqual(files);
});

it.each([
  [files, undefined],
  [{ ...files, "/etc/caddy/accounts.caddy": "old hashes" }, "pod one had the old ones 0.05 s later"],
  [{ ...files, "/etc/caddy/rights.caddy": "old rights" }, "pod one had the old ones 0.05 s later"],
])("says of a pod with the files %o: %s", async (inPod, problem) => {
  expect(await bringAccounts(clusterWith(inPod), "registry", files, quick)).toBe(problem);
});
