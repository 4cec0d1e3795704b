import { RepositoryGlob } from "../../settings/formats/repository-glob.ts";
import type { LiveStack } from "../live-stack.ts";
import { UsageError } from "../operation-error.ts";
import type { RegistryApi } from "../registry-api/registry-api.ts";
import { repositoryMatches } from "./globs.ts";
import { withoutHost } from "./image-name.ts";

type Stack = Pick<LiveStack, "settings">;

/**
 * The names of the repositories that a name or glob stands for; without one all, and of a registry that somebody else
 * runs those below the stack's path prefix.
 */
export async function selectRepositories(api: RegistryApi, stack: Stack, given?: string): Promise<string[]> {
  const glob = given === undefined ? defaultGlob(stack) : withoutHost(given, stack.settings.containerRegistry.host);
  const rule = RepositoryGlob.safeParse(glob);
  if (!rule.success) throw new UsageError(`${JSON.stringify(given)}: ${rule.error.issues[0]?.message}`);
  if (!glob.includes("*")) return [glob];
  return (await api.repositories()).filter((name) => repositoryMatches(glob, name));
}

function defaultGlob({ settings: { variant, containerRegistry } }: Stack): string {
  const { pathPrefix } = containerRegistry;
  return variant.kind === "existing" && pathPrefix !== "" ? `${pathPrefix}/**` : "**";
}
