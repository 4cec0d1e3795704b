import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { applyScript, removeScript, standardInput } from "./apply-script.ts";
import type { Bundle, BundleEntry, BundleFile } from "./bundle.ts";
import { type Login, sshConnection } from "./login.ts";
import { asRoot, removalAsRoot } from "./reach.ts";

export interface ApplyBundleArgs {
  login: Login;
  bundle: pulumi.Input<Bundle>;
  /** Files that no preview shows: hashes, tokens, keys. @default none */
  secretFiles?: pulumi.Input<BundleFile[]>;
  /** Entries that no preview shows: a file that gets one is for root alone from then on. @default none */
  secretEntries?: pulumi.Input<BundleEntry[]>;
  /** What the bundle is told apart by: where that is another, the old one is removed first. @default none: it is changed */
  identity?: string[];
}

/**
 * Makes a host what the bundle says: one command, one connection, and none where nothing changed. Its `stdout` is a JSON
 * summary, `{"changed": [PATH], "removed": [PATH]}`.
 */
export function applyBundle(
  name: string,
  { login, bundle, secretFiles = [], secretEntries = [], identity }: ApplyBundleArgs,
  opts: pulumi.CustomResourceOptions,
): remote.Command | local.Command {
  const { connection, sshPrivateKey } = login;
  // The other way round, the old resource's end would remove what the new one has just applied.
  const options = { ...opts, deleteBeforeReplace: true };
  const known = pulumi.output(bundle);
  const command = {
    create: known.apply((plain) => asRoot(connection, applyScript(plain))),
    delete: known.apply((plain) => removalAsRoot(connection, removeScript(plain))),
    stdin: pulumi.secret(
      pulumi
        .all([known, secretFiles, secretEntries])
        .apply(([plain, files, entries]) => standardInput(plain, files, entries)),
    ),
    triggers: identity,
    // What the script says while it works is for the operator; its summary is not.
    logging: remote.Logging.Stderr,
    addPreviousOutputInEnv: false,
  };
  if (connection.kind !== "ssh") return new local.Command(name, command, options);
  return new remote.Command(name, { ...command, connection: sshConnection(connection, sshPrivateKey) }, options);
}
