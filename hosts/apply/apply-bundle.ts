import { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Owner } from "../../settings/owner.ts";
import { machineAddress } from "../transport/machine-address.ts";
import { type MachineTarget, sshConnection } from "../transport/machine-target.ts";
import { asRoot, removalAsRoot } from "../transport/transport.ts";
import { applicationId, type MoveRule } from "./application-id.ts";
import { applyScript, removeScript, standardInput } from "./apply-script.ts";
import type { Bundle, BundleEntry, BundleFile } from "./bundle.ts";
import { commandNameOf } from "./command-name.ts";

export interface ApplyBundleArgs {
  target: MachineTarget;
  bundle: pulumi.Input<Bundle>;
  /** The stack that owns the bundle on the host. */
  owner: pulumi.Input<Owner>;
  /** Files that no preview shows: hashes, tokens, keys. @default none */
  secretFiles?: pulumi.Input<BundleFile[]>;
  /** Entries that no preview shows. Only root may read a file once it contains one. @default none */
  secretEntries?: pulumi.Input<BundleEntry[]>;
  /** Replacement key: when it changes, the old bundle is deleted first. @default none: the bundle is updated */
  identity?: string[];
  /** What has to be stated before the bundle may move to another machine. @default nothing: it moves with the connection */
  moveRule?: MoveRule;
  /** The name of the application id's resource, where `name` has one already. @default `name` */
  applicationName?: string;
  /** The command's resource name in earlier versions of the program. @default `name` */
  formerName?: string;
}

/**
 * Applies a bundle to a host with one command over one connection. If nothing changed, there is no connection. The
 * command's `stdout` is a JSON summary, `{"changed": [PATH], "removed": [PATH]}`.
 *
 * The command is called `NAME@ADDRESS`, so a new address means a new resource. Pulumi then first applies the bundle to the
 * new machine, and removes it from the old machine at the end of the same `up`, if nothing has failed.
 */
export function applyBundle(
  name: string,
  args: ApplyBundleArgs,
  opts: pulumi.CustomResourceOptions,
): remote.Command | local.Command {
  const { bundle, secretFiles = [], secretEntries = [], identity, formerName = name } = args;
  const { connection, sshPrivateKey } = args.target;
  const machine = machineAddress(connection);
  const options = {
    ...opts,
    // If the new resource were created first, deleting the old one would remove the files that the new one has just written.
    deleteBeforeReplace: true,
    // The former name belongs to the machine that the bundle moves away from.
    aliases: args.moveRule?.from === undefined ? [{ name: formerName }] : [],
  };
  const known = pulumi.output(bundle);
  const application = applicationId(args.applicationName ?? name, { ...args, machine }, opts);
  const applicant = pulumi.all([args.owner, application.id]);
  const inputs = {
    create: known.apply((plain) => asRoot(connection, applyScript(plain))),
    delete: known.apply((plain) => removalAsRoot(connection, removeScript(plain))),
    stdin: pulumi.secret(
      pulumi
        .all([known, applicant, secretFiles, secretEntries])
        .apply(([plain, [owner, application], files, entries]) =>
          standardInput(plain, { owner, application }, files, entries),
        ),
    ),
    triggers: identity,
    // The operator sees the script's messages, on standard error, but not its summary, on standard output.
    logging: remote.Logging.Stderr,
    addPreviousOutputInEnv: false,
  };
  const commandName = commandNameOf(name, connection);
  const command =
    connection.kind === "ssh"
      ? new remote.Command(commandName, { ...inputs, connection: sshConnection(connection, sshPrivateKey) }, options)
      : new local.Command(commandName, inputs, options);
  application.appliedBy(command);
  return command;
}
