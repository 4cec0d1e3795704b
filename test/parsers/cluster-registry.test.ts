import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { startApiServer } from "../../lab/cluster/api-server.ts";
import { clusterObjects } from "../unit/render/rendered-cluster.ts";
import { withWorld } from "../with-world.ts";

const namespace = "restricted";

const server = withWorld(async ({ use }) => {
  const server = use(await startApiServer());
  await server.kubectl(["create", "namespace", namespace]);
  const standard = "pod-security.kubernetes.io/enforce=restricted";
  await server.kubectl(["label", "namespace", namespace, standard]);
  return server;
});

describe("the API server", () => {
  it.each(Object.keys(clusterObjects))("takes each of %s, and knows every field in it", async (path) => {
    for (const object of clusterObjects[path] ?? []) {
      const { kind, metadata } = Object(object);
      const answer = await tried(object);
      expect(answer).toContain(`/${metadata.name} created`);
      expect(answer.toLowerCase()).toContain(kind.toLowerCase());
    }
  });

  it.each(Object.keys(clusterObjects))(
    "admits the pods of %s where the standard `restricted` is enforced",
    async (path) => {
      const deployment = clusterObjects[path]?.find((object) => Object(object).kind === "Deployment");
      const { metadata, spec } = Object(deployment).spec.template;
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, name: "registry" }, spec };
      expect(await tried(pod)).toContain("pod/registry created");

      const [container] = spec.containers;
      const careless = { ...pod, spec: { ...spec, containers: [{ ...container, securityContext: {} }] } };
      await expect(tried(careless)).rejects.toThrow('violates PodSecurity "restricted');
    },
  );
});

function tried(object: object): Promise<string> {
  const flags = ["--dry-run=server", "--validate=strict", "--namespace", namespace];
  return server().kubectl(["create", ...flags, "--filename", "-"], stringify(object, { version: "1.1" }));
}
