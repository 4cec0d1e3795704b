import { type CommandDef, runCommand } from "citty";
import { didYouMean } from "../settings/errors/did-you-mean.ts";
import { ProgramError } from "../settings/errors/program-error.ts";
import { checkArguments } from "./check-arguments.ts";
import { exitCodes } from "./exit-codes.ts";
import { help } from "./help.ts";
import { OperationError, UsageError } from "./operation-error.ts";
import { resolve } from "./resolve.ts";

/**
 * Runs a command line, and returns its exit code. An error that the user can act on is printed as its message, any
 * other error with its stack trace.
 */
export async function runCli(root: CommandDef, argv: readonly string[]): Promise<number> {
  const found: Found = { command: root, path: [(await resolve(root.meta))?.name ?? ""], rest: [...argv] };
  try {
    await findCommand(found);
    if (asksForHelp(found.rest)) {
      console.log(await help(found.command, found.path));
      return exitCodes.done;
    }
    return await run(found);
  } catch (error) {
    return await failed(error, found, argv.includes("--json"));
  }
}

type Found = {
  command: CommandDef;
  /** The names by which the user called the command, as in `["registry", "sync"]`. */
  path: string[];
  /** The arguments behind those names. */
  rest: string[];
};

/**
 * Finds the subcommand that the arguments name. It updates `found` for each known name, so that the error about an
 * unknown one shows the help of the command before it.
 */
async function findCommand(found: Found): Promise<void> {
  const subCommands = (await resolve(found.command.subCommands)) ?? {};
  const [word, ...rest] = found.rest;
  if (Object.keys(subCommands).length === 0 || word === undefined || helpFlags.includes(word)) return;
  if (word.startsWith("-")) throw new UsageError(`${word} comes behind the command`);
  // Not the `in` operator, which citty uses: it would find `constructor`, a property of every object.
  const subCommand = Object.hasOwn(subCommands, word) ? subCommands[word] : undefined;
  if (subCommand === undefined) throw new UsageError(unknown(word, Object.keys(subCommands)));
  found.command = (await resolve(subCommand)) ?? found.command;
  found.path.push(word);
  found.rest = rest;
  await findCommand(found);
}

async function run({ command, rest }: Found): Promise<number> {
  if (command.run === undefined) throw new UsageError("no command is given");
  checkArguments((await resolve(command.args)) ?? {}, rest);
  const { result } = await runCommand(command, { rawArgs: rest });
  return typeof result === "number" ? result : exitCodes.done;
}

const helpFlags = ["--help", "-h"];

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? undefined : end).some((arg) => helpFlags.includes(arg));
}

function unknown(word: string, known: readonly string[]): string {
  const meant = didYouMean(word, known);
  return `unknown command ${JSON.stringify(word)}; ${meant ? `did you mean ${meant}?` : `there are ${known.join(", ")}`}`;
}

async function failed(error: unknown, { command, path }: Found, json: boolean): Promise<number> {
  const message = messageOf(error);
  if (json) console.log(JSON.stringify({ error: message ?? String(error) }, undefined, 2));
  console.error(message === undefined ? error : `error: ${message}`);
  if (error instanceof UsageError) console.error(`\n${await help(command, path)}`);
  return error instanceof OperationError ? error.exitCode : exitCodes.failed;
}

/** The message of an error that the user can act on; undefined for a bug. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof OperationError) return error.message;
  return error instanceof ProgramError ? error.message : undefined;
}
