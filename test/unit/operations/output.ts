import { vi } from "vitest";
import { runCli } from "../../../operations/run-cli.ts";

export type Said = { exitCode: number; stdout: string; stderr: string };

/** Runs a command line in this process, and hands back what it said where. */
export async function said(root: Parameters<typeof runCli>[0], argv: readonly string[]): Promise<Said> {
  const lines = { stdout: [] as string[], stderr: [] as string[] };
  const log = vi.spyOn(console, "log").mockImplementation((text) => void lines.stdout.push(String(text)));
  const error = vi.spyOn(console, "error").mockImplementation((text) => void lines.stderr.push(String(text)));
  try {
    const exitCode = await runCli(root, argv);
    return { exitCode, stdout: lines.stdout.join("\n"), stderr: lines.stderr.join("\n") };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}
