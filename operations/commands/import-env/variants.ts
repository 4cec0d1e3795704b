import type { Settings } from "../../../settings/settings.ts";

export type VariantKind = Settings["variant"]["kind"];

export const variantKinds = ["existing", "host", "cluster", "hybrid"] as const satisfies VariantKind[];

/** The smallest valid `variant` of each kind, for the user to complete: a `.env` file says nothing about it. */
const variants: Record<VariantKind, Record<string, unknown>> = {
  existing: { kind: "existing", tls: { kind: "public" } },
  host: { kind: "host", connection: { kind: "local" }, tls: { kind: "private-ca" } },
  cluster: { kind: "cluster", tls: { kind: "private-ca" } },
  hybrid: { kind: "hybrid" },
};

/** A hint at the top of the written stack file: what the user should check in its `variant`. */
export const variantNextStep: Record<VariantKind, string> = {
  existing: "Signed by the organisation's own CA? variant.tls: { kind: provided-ca, file: certificates/ca.pem }",
  host: "variant.connection is this machine; over SSH: { kind: ssh, address, user, hostKey }",
  cluster: "variant.tls is a CA of its own; nodes learn to trust it by nodes or nodeDaemonSet",
  hybrid: "variant is the registry beside the kind cluster called kind, at localhost:5002",
};

const account = "jenkins";

/**
 * The keys of the stack file: containerRegistry, mavenRegistry, variant and, unless the variant is `existing`, an account
 * for Jenkins.
 */
export function variantKeys(
  kind: VariantKind,
  { containerRegistry, mavenRegistry }: Record<string, Record<string, unknown> | undefined>,
): Record<string, unknown> {
  // The `.env` files assumed that two registries on one host share their credentials.
  const same = kind === "existing" && mavenRegistry?.host === containerRegistry?.host && { sameCredentials: true };
  const maven = mavenRegistry && { mavenRegistry: { ...mavenRegistry, ...same } };
  const variant = { variant: variants[kind] };
  if (kind === "existing") return { containerRegistry, ...variant, ...maven };
  const accounts = [{ name: account, push: ["**"], delete: ["**"] }];
  return { containerRegistry: { ...containerRegistry, account }, ...variant, ...maven, accounts };
}
