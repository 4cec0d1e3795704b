import { type LiveType, notSupported, type Provider, type ResourceType } from "./provider.ts";

/** The type a resource is of, by its URN. */
export function typeOf(provider: Provider, urn: string): LiveType {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  if (typeof provider.resources === "function") return provider.resources(token);
  const found = provider.resources[token];
  if (!found) throw notSupported(provider.name, `the resource type ${token}`);
  return asLive(provider, urn, found);
}

/** Adapts a type that asks no remote API. */
function asLive(provider: Provider, urn: string, type: ResourceType): LiveType {
  return {
    check: async (inputs) => type.check(inputs),
    diff: async (request) => type.diff(request),
    create: (request) => type.create(request),
    update: (request) => type.update(request),
    find: async (last) => {
      if (Object.keys(last.state).length === 0) throw notSupported(provider.name, `import of ${urn}`);
      return { ...last, state: type.read?.(last.state) ?? last.state };
    },
    delete: async (request) => type.delete?.(request),
  };
}
