import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { RegistryEndpoint } from "../../components/registry-endpoint.ts";
import { checkSettings } from "../../settings/check-settings.ts";
import type { Problem } from "../../settings/errors/problems.ts";
import { imagePrefix } from "../../settings/formats/image-reference.ts";
import type { ClearSecrets } from "../../settings/secrets/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import { StackKeys } from "../../settings/stack-keys.ts";
import { Endpoint } from "../inputs/endpoint.ts";
import { inInputs } from "../inputs/ways-out.ts";

const { containerRegistry, accounts, immutableTags, garbageCollection, monitoring, backup, rotations, takeOverFrom } =
  StackKeys.shape;

/** The settings that registries on hosts and in clusters have in common. */
export const registrySettings = {
  containerRegistry,
  accounts,
  immutableTags,
  garbageCollection,
  monitoring,
  backup,
  rotations,
  takeOverFrom,
};

/** What a registry's component returns. */
export const registryOutputs = {
  endpoint: Endpoint.describe("What NodeTrust and the other components take as `endpoint`").meta({ secret: true }),
  host: z.string().describe("`HOST[:PORT]`, as image references start with it"),
  url: z.string().describe("`https://HOST[:PORT]`, or `http://` without TLS"),
  imagePrefix: z.string().describe("How every image reference starts: the host, then the path prefix"),
  ca: z.string().describe("PEM of the CA to trust; empty with a public CA and without TLS"),
  // Not called accounts: an input has that name, and in some languages one name is one type.
  accountPasswords: z.record(z.string(), z.string()).describe("Account → password").meta({ secret: true }),
};

/**
 * Checks the inputs of a registry as the stack file of one that has this variant. The inputs lack the variant's kind, which
 * the component's own type tells.
 */
export function checkRegistry(
  kind: "host" | "cluster",
  { variant = {}, ...others }: Record<string, unknown>,
  secrets: ClearSecrets,
): { checked?: Settings; problems: Problem[] } {
  const isGroup = typeof variant === "object" && variant !== null && !Array.isArray(variant);
  if (isGroup && "kind" in variant && variant.kind !== kind)
    return { problems: [{ path: "variant.kind", value: variant.kind, message: `only ${kind}` }] };
  const entries = { ...others, variant: isGroup ? { kind, ...variant } : variant };
  const { settings: checked, problems } = checkSettings(entries, secrets, inInputs);
  return { checked, problems };
}

/** The outputs of a registry that other resources may use once it serves. */
export function outputsOf(
  { host, url, aliases, nodeUrls, ca, accounts, served }: RegistryEndpoint,
  { containerRegistry }: Settings,
): pulumi.Inputs {
  const serving = pulumi.all(served.map(({ urn }) => urn));
  const fields = pulumi.output({ host, url, aliases, nodeUrls, ca, accounts });
  const whenServing = <T>(output: pulumi.Output<T>) => pulumi.all([output, serving]).apply(([value]) => value);
  return {
    endpoint: pulumi.secret(whenServing(fields)),
    host: whenServing(host),
    url: whenServing(url),
    imagePrefix: whenServing(host).apply((host) => imagePrefix({ ...containerRegistry, host })),
    ca: whenServing(ca),
    accountPasswords: pulumi.secret(whenServing(accounts)),
  };
}
