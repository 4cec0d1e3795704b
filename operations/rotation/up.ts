import { hostname } from "node:os";
import { execa } from "execa";
import { OperationError } from "../operation-error.ts";
import { pulumi } from "../pulumi.ts";

const program = new URL("../../", import.meta.url);

/** Runs `pulumi up` with its output in sight. A lock that a command left which was killed on this machine is given up. */
export async function up(name: string, place: readonly string[]): Promise<void> {
  const args = ["up", "--yes", "--skip-preview", "--non-interactive", ...place];
  const first = await run(args);
  if (first.exitCode === 0) return;
  if (!isLockOfTheDead(first.all)) throw failed(name);
  console.error("the lock is of a command that was killed: giving it up");
  await pulumi(["cancel", "--yes", "--stack", name]);
  if ((await run(args)).exitCode !== 0) throw failed(name);
}

async function run(args: readonly string[]) {
  // Standard output is for what a command says, perhaps as JSON.
  return execa("pulumi", args, {
    cwd: program,
    stdin: "ignore",
    stdout: [process.stderr, "pipe"],
    stderr: [process.stderr, "pipe"],
    all: true,
    reject: false,
  });
}

function failed(name: string): OperationError {
  return new OperationError(`pulumi up --stack ${name} failed; see above. Then run this again: it goes on from here`);
}

/** Whether every holder of the stack's lock ran on this machine, and does no more. @see Pulumi: backend/diy/lock.go */
export function isLockOfTheDead(output: string, isAlive: (pid: number) => boolean = runs): boolean {
  const holders = [...output.matchAll(/created by \S*@(\S+) \(pid (\d+)\) at /g)];
  return holders.length > 0 && holders.every(([, host, pid]) => host === hostname() && !isAlive(Number(pid)));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's is there all the same.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
