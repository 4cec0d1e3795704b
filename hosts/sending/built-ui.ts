import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../settings/errors/program-error.ts";
import type { Settings } from "../../settings/settings.ts";

/** The files of this project's own ui, as Vite built them. */
export type BuiltUi = {
  /** Absolute, or relative to the folder in which Pulumi runs local commands. */
  directory: string;
  /** The files of the folder itself, sorted by name. */
  files: UiFile[];
  /** The first 12 hexadecimal digits of a SHA-256 hash over all file names and contents. */
  hash: string;
};

type UiFile = { name: string; sha256: string };

/** Throws an error that names the build command if the stack uses the builtin ui and its built files are missing. */
export function requireBuiltUi({ variant }: Settings): void {
  if ("ui" in variant && variant.ui.kind === "builtin") builtUi();
}

/** Relative within the project's folder, as states have it; absolute in a program elsewhere that uses the package. */
function builtFolder(): string {
  const folder = join(import.meta.dirname, "../../ui/dist");
  const within = relative(process.cwd(), folder);
  return within.startsWith("..") ? folder : within;
}

export function builtUi(directory = builtFolder()): BuiltUi {
  const names = filesOf(directory);
  if (!names.includes("index.html"))
    throw new ProgramError(
      `stack ${pulumi.getStack()}: variant.ui builtin: ${directory} holds no built files of the ui; build them: npm run build:ui`,
    );
  const files = names.map((name) => ({ name, sha256: sha256(readFileSync(join(directory, name))) }));
  return { directory, files, hash: sha256(JSON.stringify(files)).slice(0, 12) };
}

function filesOf(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  } catch {
    return [];
  }
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
