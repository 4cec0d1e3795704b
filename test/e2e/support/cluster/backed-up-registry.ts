import { expect, it } from "vitest";
import { clients } from "../../../../lab/clients/clients.ts";
import { resticImage } from "../../../../lab/images/restic-image.ts";
import { testImage } from "../../../../lab/images/test-image.ts";
import type { Minio } from "../../../../lab/services/minio.ts";
import { doctorOf } from "../doctor-findings.ts";
import { registryCommand } from "../registry-command.ts";
import { type ClusterRegistryStack, imageOnNodes } from "./cluster-registry-stack.ts";
import type { CollectedRegistry } from "./collected-garbage.ts";

/** Adds backups to the object store to the stack file, with the image of restic that the cluster's nodes then have. */
export async function setUpBackups(registry: ClusterRegistryStack, minio: Minio): Promise<void> {
  const { endpoint, bucket, region, accessKey, secretKey } = minio;
  const images = {
    ...Object(registry.variant.images),
    backup: await imageOnNodes(registry.cluster, "restic", await resticImage()),
  };
  Object.assign(registry.variant, { images });
  const secrets = {
    backupPassword: "correct horse battery",
    backupS3AccessKey: accessKey,
    backupS3SecretKey: secretKey,
  };
  for (const [key, value] of Object.entries(secrets)) await registry.stack.setSecret(key, value);
  await registry.stack.setConfig({
    variant: registry.variant,
    backup: { to: { kind: "s3", endpoint, bucket, region } },
  });
}

/** Tests of backups in a cluster to object storage, by hand, within the pod standard restricted. */
export function backsUp(world: () => CollectedRegistry): void {
  it("names what a damaged manifest hurts, and brings it back from a backup in object storage", async () => {
    const { registry, client } = world();
    const { cluster, namespace } = registry;
    const jenkins = { name: "jenkins", password: await registry.password("jenkins") };
    const image = `${registry.host}/p2c/backed-up:1`;
    const pushed = await clients.crane.push(client, await testImage(client), image, jenkins);
    expect(pushed).toMatchObject({ ok: true });
    const enforced = "pod-security.kubernetes.io/enforce";
    await cluster.kubectl(["label", "namespace", namespace, `${enforced}=restricted`]);
    try {
      expect(await run("backup")).toMatchObject({ exitCode: 0, report: { backups: 1 } });

      const hex = Object(pushed).digest.replace("sha256:", "");
      const blob = `/var/lib/registry/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
      const damage = `printf X | dd of=${blob} bs=1 seek=20 conv=notrunc`;
      const registryPod = ["deployment/registry", "--namespace", namespace, "--container", "registry"];
      await cluster.kubectl(["exec", ...registryPod, "--", "sh", "-c", damage]);
      const { exitCode, report } = await run("backup", "verify");
      expect([exitCode, report.problems]).toEqual([
        1,
        [{ in: "live", what: "damaged blob", which: `sha256:${hex}`, hurts: ["p2c/backed-up:1"] }],
      ]);
      expect(report.restoredTags).toBe(report.tags);
      // A manifest, a config and a layer at least. What only garbage collection put back is restored, but no manifest names it.
      expect(report.pulled).toBeGreaterThanOrEqual(3);
      expect(await damaged()).toMatchObject([{ check: "blob-damaged", affects: "whoever pulls p2c/backed-up:1" }]);

      expect(await run("restore")).toMatchObject({ exitCode: 0, report: { blobs: 1, links: 0, problems: [] } });
      expect(await clients.crane.pull(client, image)).toEqual(pushed);
      expect(await damaged()).toEqual([]);
    } finally {
      await cluster.kubectl(["label", "namespace", namespace, `${enforced}-`]);
    }
  });

  /** What doctor finds in the images, which it reads in the registry's own pod. */
  async function damaged() {
    const { findings, images } = await doctorOf(world().registry.stack, "--deep");
    expect(images?.tags, JSON.stringify(findings)).toBeGreaterThan(0);
    return findings.filter(({ check }) => /^(blob|link)-/.test(check));
  }

  async function run(...args: string[]) {
    const { exitCode, stdout, output } = await registryCommand(world().registry.stack, [...args, "--json"]).result;
    expect(stdout, output).toMatch(/^\{/);
    return { exitCode, report: JSON.parse(stdout) };
  }
}
