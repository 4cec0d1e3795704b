import { execa } from "execa";
import { confirmed } from "../confirm.ts";
import { OperationError } from "../operation-error.ts";
import { pulumi } from "../pulumi.ts";

const program = new URL("../../", import.meta.url);

/**
 * Runs `pulumi up` and shows its output. If another command has locked the stack, the lock is cancelled only after the
 * user confirms that this command has ended: the program cannot find out, since two machines or containers may have
 * the same host name.
 */
export async function up(name: string, options: readonly string[], confirm = confirmed): Promise<void> {
  let agreedOn = "";
  for (;;) {
    const { exitCode, all } = await run(["up", "--yes", "--skip-preview", "--non-interactive", ...options]);
    if (exitCode === 0) return;
    const holders = lockHolders(all);
    if (holders === "") throw failed(name);
    // Cancels only the lock that the user agreed on: another command may have locked the stack in the meantime.
    if (holders === agreedOn) await pulumi(["cancel", "--yes", "--stack", name]);
    else if (await confirm(question(name, holders))) agreedOn = holders;
    else throw locked(name, holders);
  }
}

async function run(args: readonly string[]) {
  // Pulumi's output is shown on standard error: standard output is for the command's own result, perhaps JSON.
  return execa("pulumi", args, {
    cwd: program,
    stdin: "ignore",
    stdout: [process.stderr, "pipe"],
    stderr: [process.stderr, "pipe"],
    all: true,
    reject: false,
  });
}

/** Who holds the stack's lock, and since when; empty where `up` failed for another reason. @see Pulumi: backend/diy/lock.go */
function lockHolders(output: string): string {
  const [, list = ""] = output.split("the stack is currently locked by ");
  const holders = list.matchAll(/: created by (\S.*@\S+ \(pid \d+\)) at (\S+)/g);
  return [...holders].map(([, holder, since]) => `${holder} since ${since}`).join(" and ");
}

function question(name: string, holders: string): string {
  return `Stack ${name} is locked by ${holders}. If that command still runs, cancelling it breaks it. Has it ended, and shall its lock be given up (pulumi cancel)?`;
}

function locked(name: string, holders: string): OperationError {
  return new OperationError(
    `stack ${name} is locked by ${holders}; cancelling what still runs would break it. Once you are sure that it has ended: pulumi cancel --yes --stack ${name}, then this command again: it goes on from here`,
  );
}

function failed(name: string): OperationError {
  return new OperationError(`pulumi up --stack ${name} failed; see above. Then run this again: it goes on from here`);
}
