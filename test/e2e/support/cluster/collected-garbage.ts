import { expect, it } from "vitest";
import { authFile } from "../../../../lab/clients/auth-file.ts";
import { clients } from "../../../../lab/clients/clients.ts";
import { secretInput } from "../../../../lab/clients/outcome.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import { namesOfTheLab } from "../../../../lab/network/names-of-the-lab.ts";
import { crane } from "../crane.ts";
import { registryCommand } from "../registry-command.ts";
import type { ClusterRegistryStack } from "./cluster-registry-stack.ts";

export type CollectedRegistry = {
  /** A registry whose stack file has `garbageCollection`. */
  registry: ClusterRegistryStack;
  client: Machine;
  /** The path on the client of an image's archive. */
  archive: string;
};

/** Tests of garbage collection in a cluster, by hand and on schedule, within the pod standard restricted. */
export function collectsGarbage(world: () => CollectedRegistry): void {
  it("moves what only a deleted image needs, and puts it back", async () => {
    const { registry, client, archive } = world();
    const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
    const base = `${registry.host}/p2c/collected:base`;
    const pushed = await clients.crane.push(client, archive, base, jenkins);
    expect(pushed).toMatchObject({ ok: true });
    const deleted = await client.run(
      `${authFile}
       head --bytes 4M /dev/urandom >"$auth/content" && tar --create --file "$auth/layer" --directory "$auth" content
       DOCKER_CONFIG="$auth" crane append --base "$1" --new_layer "$auth/layer" --new_tag "$2"`,
      { args: [base, `${registry.host}/p2c/collected:deleted`], input: secretInput(jenkins) },
    );
    const deletion = await crane(client, ["delete", `${registry.host}/p2c/collected:deleted`], jenkins);
    expect(deletion.ok, deletion.output).toBe(true);
    const [, digest = ""] = deleted.trim().split("@");
    expect(await retainAfterAWeek("p2c/collected", digest)).toMatchObject([{ deleted: [{ digest, tags: [] }] }]);

    const collected = await collect("--min-age", "0s", "--wait", "1s");
    // Its manifest, its config and its own layer, but not the layer that the other image has, too.
    expect(collected.movedBlobs).toBeGreaterThanOrEqual(3);
    expect(collected.bytes).toBeGreaterThan(4_000_000);
    expect(await clients.crane.pull(client, base)).toEqual(pushed);
    expect(await collect("--undo")).toMatchObject({ putBack: collected.movedBlobs });
    expect(await collect("--dry-run", "--min-age", "0s")).toMatchObject({ candidates: collected.movedBlobs });
  });

  it("runs a Job of the CronJob within the pod standard restricted", async () => {
    const { cluster, namespace } = world().registry;
    const enforced = "pod-security.kubernetes.io/enforce";
    await cluster.kubectl(["label", "namespace", namespace, `${enforced}=restricted`]);
    try {
      const job = ["job", "scheduled", "--namespace", namespace];
      await cluster.kubectl(["create", ...job, "--from=cronjob/registry-collect"]);
      await cluster.kubectl(["wait", ...job, "--for=condition=complete", "--timeout=60s"]);
    } finally {
      await cluster.kubectl(["label", "namespace", namespace, `${enforced}-`]);
    }
  });

  /** Makes a manifest's last push older than a week, and runs `registry retain` with a rule for those without a tag. */
  async function retainAfterAWeek(repository: string, digest: string) {
    const { stack, cluster, namespace } = world().registry;
    const hex = digest.slice("sha256:".length);
    const link = `repositories/${repository}/_manifests/revisions/sha256/${hex}/link`;
    const age = ["touch", "-d", "2020-01-01 00:00", `/var/lib/registry/docker/registry/v2/${link}`];
    await cluster.kubectl([
      "exec",
      "deployment/registry",
      "--container=registry",
      "--namespace",
      namespace,
      "--",
      ...age,
    ]);
    await stack.setConfig({ retention: [{ repositories: repository, untaggedAfter: 7 }] });
    const { exitCode, stdout, output } = await registryCommand(stack, ["retain", "--json"], "", namesOfTheLab).result;
    await stack.setConfig({ retention: undefined });
    expect(exitCode, output).toBe(0);
    return JSON.parse(stdout).repositories;
  }

  async function collect(...args: string[]) {
    const command = ["collect", "--json", ...args];
    const { exitCode, stdout, output } = await registryCommand(world().registry.stack, command).result;
    expect(exitCode, output).toBe(0);
    return JSON.parse(stdout);
  }
}
