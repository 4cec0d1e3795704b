import type { PropertyMap, PropertyValue } from "../../plugin/property.ts";
import { type KubeObject, listField, nameOf, namespaceOf, textField } from "../object.ts";
import { type Discovery, discovery, NoMatchError } from "./discovery.ts";
import { accessFrom, type KubeconfigChoice } from "./kubeconfig.ts";
import { type Call, type Transport, transport } from "./transport.ts";

type WriteOptions = {
  /** Whether the API server only validates, and stores nothing. */
  dryRun: boolean;
  /** The manager that owns the fields afterwards. */
  fieldManager: string;
};

/** What names one object. */
export type ObjectName = { apiVersion: string; kind: string; namespace: string; name: string };

/** One cluster's API. */
export class Cluster {
  /** Default namespace, from the provider's settings or the kubeconfig's context. */
  readonly namespace: string;
  readonly #call: Transport;
  readonly #discovery: Discovery;

  constructor(call: Transport, namespace: string) {
    this.#call = call;
    this.#discovery = discovery(call);
    this.namespace = namespace;
  }

  /** Rejects if the API cannot be reached. */
  async answers(): Promise<void> {
    await this.#discovery.known();
  }

  /** Whether the kind is namespaced; undefined if it is not known. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean | undefined> {
    return (await this.#discovery.find(apiVersion, kind))?.namespaced;
  }

  async knows(object: KubeObject): Promise<boolean> {
    return (await this.isNamespaced(textField(object, "apiVersion"), textField(object, "kind"))) !== undefined;
  }

  async get(name: ObjectName): Promise<KubeObject> {
    return this.#call({ path: await this.#path(name) });
  }

  async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.#path({ ...objectName(object), name: "" });
    return this.#call({ method: "POST", path, query: writeQuery(options), body: object });
  }

  /** Server-side apply; `force` takes fields over from other managers. */
  async apply(object: KubeObject, options: WriteOptions & { force: boolean }): Promise<KubeObject> {
    const query = { ...writeQuery(options), force: String(options.force) };
    return this.#patch(objectName(object), { query, body: object, contentType: "application/apply-patch+yaml" });
  }

  async replace(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.#path(objectName(object));
    return this.#call({ method: "PUT", path, query: writeQuery(options), body: object });
  }

  async jsonPatch(object: KubeObject, operations: unknown[]): Promise<KubeObject> {
    return this.#patch(objectName(object), { body: operations, contentType: "application/json-patch+json" });
  }

  async delete(name: ObjectName, propagationPolicy: string): Promise<void> {
    await this.#call({ method: "DELETE", path: await this.#path(name), body: { propagationPolicy } });
  }

  async list(apiVersion: string, kind: string, namespace: string): Promise<PropertyValue[]> {
    return listField(await this.#call({ path: await this.#path({ apiVersion, kind, namespace, name: "" }) }), "items");
  }

  async #patch(name: ObjectName, call: Omit<Call, "path" | "method">): Promise<PropertyMap> {
    return this.#call({ ...call, method: "PATCH", path: await this.#path(name) });
  }

  async #path({ apiVersion, kind, namespace, name }: ObjectName): Promise<string> {
    const found = await this.#discovery.find(apiVersion, kind);
    if (!found) throw new NoMatchError(apiVersion, kind);
    const within = found.namespaced ? ["namespaces", namespace || this.namespace] : [];
    const steps = [...within, found.plural, ...(name === "" ? [] : [name])];
    return `${found.base}/${steps.map(encodeURIComponent).join("/")}`;
  }
}

export function objectName(object: KubeObject): ObjectName {
  return {
    apiVersion: textField(object, "apiVersion"),
    kind: textField(object, "kind"),
    namespace: namespaceOf(object),
    name: nameOf(object),
  };
}

/** The cluster of a kubeconfig; `namespace` takes precedence over that of its context. */
export async function clusterFrom(choice: KubeconfigChoice, namespace = ""): Promise<Cluster> {
  const access = await accessFrom(choice);
  return new Cluster(transport(access), namespace || access.namespace);
}

function writeQuery({ dryRun, fieldManager }: WriteOptions): Record<string, string> {
  return { fieldManager, ...(dryRun && { dryRun: "All" }) };
}
