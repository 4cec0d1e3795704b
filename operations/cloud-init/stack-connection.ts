import { SshConnection } from "../../settings/connection.ts";
import { givenPath, type StackArgs } from "../common-args.ts";
import { stackName } from "../live-stack.ts";
import { readStackFile, stackFilePath } from "../new-stack/stack-file.ts";
import { OperationError } from "../operation-error.ts";

/**
 * How a stack's file says that its registry host is reached. Undefined where no stack is selected, or its file does not say:
 * the machine may come before the stack.
 */
export async function stackConnection(args: StackArgs): Promise<SshConnection | undefined> {
  const file = await stackFile(args);
  if (file === undefined) return undefined;
  const { settings } = await readStackFile(file);
  const connection = Object(Object(settings).variant).connection;
  if (Object(connection).kind !== "ssh") return undefined;
  const { data } = SshConnection.safeParse(connection);
  if (data === undefined) throw new OperationError(`variant.connection is not valid: pulumi preview says why`);
  return data;
}

async function stackFile(args: StackArgs): Promise<string | undefined> {
  if (args["config-file"] !== undefined) return givenPath(args["config-file"]);
  if (args.stack !== undefined) return stackFilePath(args.stack);
  // No Pulumi CLI, no login or no stack: nothing is wrong with that yet.
  const selected = await stackName({}).catch(() => undefined);
  return selected === undefined ? undefined : stackFilePath(selected);
}
