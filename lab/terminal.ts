import { execa } from "execa";
import { ensurePrograms } from "./debian/debian.ts";

/** A question that a command asks in a terminal: a part of its text, and what is typed then. */
export type Typed = { asked: string | RegExp; answer: string };

export type TerminalOptions = { cwd: string; env?: NodeJS.ProcessEnv; timeoutSeconds?: number };

/** Asks a terminal where its cursor is. Pulumi's prompts wait for the reply. */
const cursorQuery = "\u001b[6n";
const cursorReply = "\u001b[1;1R";

/**
 * Runs a shell command in a terminal of its own and types the answers, each when its question is shown. Returns what the
 * terminal showed, and throws if the command fails or does not end.
 */
export async function inTerminal(command: string, typed: readonly Typed[], options: TerminalOptions): Promise<string> {
  const { cwd, env, timeoutSeconds = 120 } = options;
  await ensurePrograms({ script: ["bsdutils"] }, "script, of util-linux, is not on this machine's PATH");
  const child = execa("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd,
    env: { ...env, TERM: "xterm" },
    all: true,
    stdin: "pipe",
    timeout: timeoutSeconds * 1000,
  });
  const left = [...typed];
  let unread = "";
  child.all.on("data", (chunk: Buffer) => {
    unread += String(chunk);
    for (; unread.includes(cursorQuery); unread = unread.replace(cursorQuery, "")) child.stdin.write(cursorReply);
    const [next] = left;
    if (next === undefined || !asks(unread, next)) return;
    child.stdin.write(`${next.answer}\r`);
    left.shift();
    unread = "";
  });
  const { all } = await child;
  if (left.length > 0) throw new Error(`${command} never asked ${left.map(({ asked }) => asked).join(", ")}:\n${all}`);
  return all;
}

function asks(text: string, { asked }: Typed): boolean {
  return typeof asked === "string" ? text.includes(asked) : asked.test(text);
}
