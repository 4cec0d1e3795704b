import type { local, remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { applyBundle } from "../hosts/apply/apply-bundle.ts";
import { registryHostBundle, registryHostSecretFiles } from "../hosts/registry-host/registry-host.ts";
import type { SentFiles } from "../hosts/sending/send-files.ts";
import { machineAddress } from "../hosts/transport/machine-address.ts";
import type { AccountSecrets } from "../render/proxy/account-secrets.ts";
import { derivedSecret } from "./derived-secret.ts";
import { warnOfFailedRemoval } from "./failed-removal.ts";
import { hostMove } from "./host-move.ts";
import type { RegistryHostArgs } from "./registry-host-args.ts";
import type { Certificate } from "./tls-certificate.ts";

/** What a stack creates once, for each machine that its registry is on. */
export type SharedParts = {
  files: SentFiles;
  credentials: pulumi.Output<AccountSecrets[]>;
  /** From which other secrets are derived. */
  secret: pulumi.Output<string>;
  /** PEM. Empty if the stack has no CA of its own. */
  ca: pulumi.Input<string>;
  certificate?: Certificate | undefined;
};

/** The settings of one machine: the registry's host, or during a move the former one. */
export type AppliedHostArgs = RegistryHostArgs & {
  /** The machine that the registry moves to, if this is the former host. @default none */
  movesTo?: string;
};

/** The settings of the former host while it is read-only. Undefined unless the stack file asks for that. */
export function oldHostArgs(args: RegistryHostArgs): AppliedHostArgs | undefined {
  const { connection, oldHost } = args.variant;
  if (oldHost?.kind !== "read-only") return undefined;
  return {
    ...args,
    variant: {
      ...args.variant,
      connection: oldHost.connection,
      oldHost: undefined,
      // The images stay when the host stops: until somebody has looked at the new one, they are the only other copy.
      deleteData: false,
      takeOver: false,
    },
    movesTo: machineAddress(connection),
    // These change the storage, or concern the host that takes pushes.
    garbageCollection: undefined,
    backup: undefined,
    notify: undefined,
  };
}

/** Applies the registry to one machine, by one command. */
export function applyRegistryHost(
  name: string,
  args: AppliedHostArgs,
  { files, credentials, secret, ca, certificate }: SharedParts,
  opts: { parent: pulumi.Resource; dependsOn: pulumi.Input<pulumi.Resource> | pulumi.Resource[] },
): remote.Command | local.Command {
  const { variant, containerRegistry, accounts, immutableTags, garbageCollection, monitoring, movesTo } = args;
  const readOnly = movesTo !== undefined;
  const plan = { variant, containerRegistry, accounts, immutableTags, garbageCollection, monitoring, readOnly };
  const bundle = pulumi.output(ca).apply((ca) =>
    registryHostBundle({
      ...plan,
      archives: files.archives,
      uiFiles: files.uiFiles,
      ca,
      probed: args.probed ?? false,
      backup: args.backup,
      notify: args.notify,
      movesTo,
      movedHere: variant.oldHost?.kind === "read-only" ? machineAddress(variant.connection) : undefined,
    }),
  );
  const secretFiles = pulumi
    .all([
      credentials,
      secret,
      pulumi.output(certificate),
      pulumi.output(args.backup && args.backupSecrets),
      pulumi.output(args.notify && args.notifyUrl),
    ])
    .apply(([secrets, key, certificate, backup, notifyUrl]) =>
      registryHostSecretFiles(plan, {
        accounts: secrets,
        httpSecret: derivedSecret(key, "uploads"),
        certificate,
        backup,
        notifyUrl,
      }),
    );
  const target = { connection: variant.connection, sshPrivateKey: args.sshPrivateKey };
  const ofRole = readOnly ? { applicationName: `${name}-old-host` } : { moveRule: hostMove(variant) };
  return applyBundle(
    name,
    { target, bundle, owner: args.owner, secretFiles, ...ofRole },
    { ...opts, hooks: { onError: [new pulumi.ErrorHook(hookName(name, readOnly), warnOfFailedRemoval)] } },
  );
}

/** A program registers each hook under its name once, and may have several registries. */
function hookName(name: string, readOnly: boolean): string {
  return `container-registry-${readOnly ? "old-host" : "host"}-${name}`;
}
