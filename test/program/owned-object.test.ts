import type * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { createOwner } from "../../components/create-owner.ts";
import { KubernetesCluster } from "../../components/kubernetes-cluster.ts";
import { ownedObject } from "../../components/owned-object.ts";
import type { Owner } from "../../settings/owner.ts";
import { testOwner } from "./owner.ts";
import { isSecret, outputValue, recorded, resource } from "./recorded.ts";

/** As the id of a resource that is yet to be made. */
const unknown = () => createOwner({ takeOverFrom: [] });

function created({
  takeOverFrom = [] as string[],
  preview = false,
  owner = (): pulumi.Input<Owner> => testOwner,
} = {}) {
  return recorded(
    () => {
      const cluster = new KubernetesCluster("cluster", { context: "kind-dev" });
      const object = { kind: "Secret", object: "registry", namespace: "team-a", another: "another name" };
      return ownedObject("pull", { ...object, cluster, owner: owner(), takeOverFrom }, { parent: cluster });
    },
    { preview },
  );
}

const configMap = "kubernetes:core/v1:ConfigMap";

it("ownedObject › labels the name with this owner by an immutable ConfigMap", async () => {
  const { resources } = await created();
  expect(resource(resources, configMap, "pull-owner-id").inputs).toMatchObject({
    metadata: { name: "container-registry-owner.secret.registry", namespace: "team-a" },
    data: { owner: "container-registry/test 0123456789abcdef" },
    immutable: true,
  });
});

it("ownedObject › reads an object without an owner", async () => {
  const { resources } = await created();
  expect(resource(resources, configMap, "pull-owner-seen").inputs).not.toHaveProperty("data");
});

it("ownedObject › returns its namespace in the first preview, which does not know the owner's id", async () => {
  const { created: namespace, resources } = await created({ preview: true, owner: unknown });
  expect(await outputValue(namespace)).toBe("team-a");
  expect(Object(resource(resources, configMap, "pull-owner-id").inputs).metadata.namespace).toBe("team-a");
});

it("ownedObject › runs kubectl only with takeOverFrom, and before it reads the label", async () => {
  expect((await created()).resources.filter(({ type }) => type.startsWith("command:"))).toEqual([]);
  const { resources } = await created({ takeOverFrom: ["fedcba9876543210"] });
  const { inputs } = resource(resources, "command:local:Command", "pull-owner-freed");
  expect(inputs.create).toContain("former_owners=fedcba9876543210\n");
  expect(isSecret(inputs.stdin)).toBe(true);
  expect(inputs).not.toHaveProperty("delete");
  expect(resource(resources, configMap, "pull-owner-seen").dependencies).toContainEqual(
    expect.stringMatching(/::pull-owner-freed$/),
  );
});
