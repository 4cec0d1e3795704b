import { generateKeyPairSync } from "node:crypto";
import type { ConfigEntry } from "../../../settings/config-entries.ts";
import { SettingsError } from "../../../settings/errors/problems.ts";
import { parseStack } from "../../../settings/parse-stack.ts";
import { isSecretName } from "../../../settings/secrets/secrets.ts";

/** What a stack file says under `container-registry:`, secrets included. */
export type Stack = Record<string, unknown>;

export const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHDqZctSBgrfU5Vnft7eUR7NI75l3rXy4NBZ2gY0f2xG";
export const otherHostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILQ2O7p+wUvGRQjPzCo/CT+JH+aqq0VduNDTocxtD4fm";

const sshPrivateKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** A valid stack of the host variant. */
export const hostStack: Stack = {
  containerRegistry: { host: "registry.example.org", pathPrefix: "p2c", account: "jenkins" },
  variant: {
    kind: "host",
    connection: { kind: "ssh", address: "203.0.113.5", user: "ubuntu", hostKey },
    tls: { kind: "acme", email: "ops@example.org" },
  },
  accounts: [{ name: "jenkins", push: ["**"] }, { name: "dana" }],
  sshPrivateKey,
};

/** `variant.images` with a Traefik, which has no default. */
export const traefikImages = { proxy: { reference: `docker.io/library/traefik@sha256:${"a".repeat(64)}` } };

/** A valid stack of the cluster variant. */
export const clusterStack: Stack = {
  containerRegistry: { host: "registry.example.org", account: "jenkins" },
  variant: { kind: "cluster", tls: { kind: "private-ca" } },
  accounts: [{ name: "jenkins", push: ["**"] }, { name: "dana" }],
};

/** A valid stack of the hybrid variant. */
export const hybridStack: Stack = {
  containerRegistry: { host: "localhost:5002", account: "jenkins" },
  variant: { kind: "hybrid" },
  accounts: [{ name: "jenkins", push: ["**"] }],
};

/** A valid stack of the existing variant. */
export const existingStack: Stack = {
  containerRegistry: { host: "registry.example.org", pathPrefix: "p2c" },
  variant: { kind: "existing", tls: { kind: "public" } },
  registryUsername: "pusher",
  registryPassword: "correct horse battery",
};

/** The stack with some values replaced, each by its path; undefined removes. */
export function changed(stack: Stack, changes: Record<string, unknown>): Stack {
  const copy = structuredClone(stack);
  for (const [path, value] of Object.entries(changes)) replace(copy, path.split("."), value);
  return copy;
}

/** The stack as Pulumi hands it to the program, secrets encrypted. */
export function entriesOf(stack: Stack): ConfigEntry[] {
  return Object.entries(stack).map(([key, value]) => ({
    key,
    value: typeof value === "object" ? JSON.stringify(value) : String(value),
    encrypted: isSecretName(key),
  }));
}

/** The settings and clear secrets of a valid stack. */
export function parsed(stack: Stack) {
  return parseStack("dev", entriesOf(stack));
}

/** The lines of the error, its first one aside; none for a valid stack. */
export function problemsOf(stack: Stack | ConfigEntry[]): string[] {
  try {
    parseStack("dev", Array.isArray(stack) ? stack : entriesOf(stack));
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.message.split("\n  ").slice(1);
  }
}

function replace(target: Record<string, unknown>, [key = "", ...rest]: string[], value: unknown): void {
  const inner = target[key];
  if (rest.length > 0 && typeof inner === "object" && inner !== null)
    replace(inner as Record<string, unknown>, rest, value);
  else if (rest.length > 0) throw new Error(`no ${key} to change ${rest.join(".")} in`);
  else if (value === undefined) delete target[key];
  else target[key] = value;
}
