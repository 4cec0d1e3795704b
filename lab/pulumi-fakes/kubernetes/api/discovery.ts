import { listField, textField } from "../object.ts";
import type { Transport } from "./transport.ts";

/** API path of a kind. */
type ResourceKind = {
  /** As in `/apis/apps/v1`. */
  base: string;
  /** As in `deployments`. */
  plural: string;
  namespaced: boolean;
};

/** A kind that the API server does not know, because its CustomResourceDefinition does not exist. */
export class NoMatchError extends Error {
  override readonly name = "NoMatchError";

  constructor(apiVersion: string, kind: string) {
    super(`no matches for kind "${kind}" in version "${apiVersion}"`);
  }
}

export type Discovery = {
  find(apiVersion: string, kind: string): Promise<ResourceKind | undefined>;
  /** Rejects where the API server does not answer. */
  known(): Promise<Map<string, ResourceKind>>;
};

/** Discovers kinds: once, and again whenever one is not found. */
export function discovery(call: Transport): Discovery {
  let asked: Promise<Map<string, ResourceKind>> | undefined;
  const known = () => {
    asked ??= allKinds(call);
    return asked;
  };
  return {
    known,
    async find(apiVersion, kind) {
      const found = (await known()).get(`${apiVersion}/${kind}`);
      if (found) return found;
      asked = undefined;
      return (await known()).get(`${apiVersion}/${kind}`);
    },
  };
}

/** Kubernetes 1.26 and newer answer two requests with all kinds. */
const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

async function allKinds(call: Transport): Promise<Map<string, ResourceKind>> {
  const kinds = new Map<string, ResourceKind>();
  const answers = await Promise.all(["/api", "/apis"].map((path) => call({ path, accept: aggregated })));
  for (const group of answers.flatMap((answer) => listField(answer, "items")))
    for (const version of listField(group, "versions")) {
      const groupName = textField(group, "metadata", "name");
      const name = textField(version, "version");
      const apiVersion = groupName === "" ? name : `${groupName}/${name}`;
      const base = groupName === "" ? `/api/${name}` : `/apis/${apiVersion}`;
      for (const resource of listField(version, "resources"))
        kinds.set(`${apiVersion}/${textField(resource, "responseKind", "kind")}`, {
          base,
          plural: textField(resource, "resource"),
          namespaced: textField(resource, "scope") === "Namespaced",
        });
    }
  return kinds;
}
