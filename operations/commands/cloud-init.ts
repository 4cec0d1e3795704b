import { defineCommand } from "citty";
import { stringify } from "yaml";
import { cloudInit } from "../../render/cloud-init.ts";
import { SshConnection } from "../../settings/connection.ts";
import { newHostKey } from "../cloud-init/new-host-key.ts";
import { publicKeyLine } from "../cloud-init/public-key.ts";
import { stackConnection } from "../cloud-init/stack-connection.ts";
import { commonArgs } from "../common-args.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import { print } from "../print.ts";
import { writeNew } from "../write-new.ts";

/** `registry cloud-init`: prints the user data of a machine that is to become a registry host. */
export const cloudInitCommand = defineCommand({
  meta: {
    name: "cloud-init",
    description: "Print cloud-init's user data for a fresh machine: user, key, and a host key known beforehand",
    details: [
      "Give the file to your provider as the new machine's user data, and the connection to the stack file.",
      "The file is a secret: it holds the machine's private SSH key. docs/get-started.md says who can read it there.",
      "No stack is needed. Where one is selected and has a connection, its user is taken. Docker comes with `up`.",
    ],
    examples: [
      "cloud-init ~/.ssh/registry_ed25519.pub --output user-data.yaml",
      "cloud-init ~/.ssh/registry_ed25519.pub --user debian > user-data.yaml   # readable as your umask says",
    ],
  },
  args: {
    key: { type: "positional", required: true, valueHint: "FILE", description: "The public SSH key that logs in" },
    user: { type: "string", valueHint: "NAME", description: "Who logs in. The stack's user, or ubuntu, unless given" },
    output: {
      type: "string",
      valueHint: "FILE",
      description: "A new file for the user data, for you alone. Standard output unless given",
    },
    ...commonArgs,
  },
  run: async ({ args }) => {
    const authorizedKey = await publicKeyLine(args.key);
    const inStack = await stackConnection(args);
    const user = userName(args.user ?? inStack?.user ?? "ubuntu");
    if (inStack !== undefined && inStack.port !== 22)
      throw new OperationError(
        `variant.connection.port is ${inStack.port}, and a machine with this user data answers on 22; take port out of the stack file`,
      );
    const hostKey = await newHostKey();
    const userData = cloudInit({ user, authorizedKeys: [authorizedKey], hostKey });
    const connection = { kind: "ssh", address: "ADDRESS", ...inStack, user, hostKey: hostKey.publicKey };

    if (args.output !== undefined) await writeNew(args.output, userData, 0o600);
    const text = connectionText(connection, args.output);
    if (args.output !== undefined) return print(args, { output: args.output, connection }, text);
    console.error(text);
    print(args, { userData, connection }, userData.trimEnd());
  },
});

function userName(user: string): string {
  if (!SshConnection.shape.user.safeParse(user).success)
    throw new UsageError(`--user is no user name, as in ubuntu: ${JSON.stringify(user)}`);
  if (user === "root") throw new UsageError("--user is one who may sudo: such a machine lets nobody log in as root");
  return user;
}

function connectionText(connection: Record<string, unknown>, output: string | undefined): string {
  const lines = stringify({ connection }, { lineWidth: 0 }).trimEnd().split("\n");
  const wrote = output === undefined ? [] : [`wrote ${output}; it is a secret, for your provider alone`];
  return [
    ...wrote,
    "for the stack file, below container-registry:variant, with the machine's address:",
    ...lines.map((line) => `  ${line}`),
  ].join("\n");
}
