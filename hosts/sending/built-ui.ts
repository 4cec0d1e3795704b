import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../settings/errors/program-error.ts";
import type { Settings } from "../../settings/settings.ts";

/** This project's own page, as Vite has built it. */
export type BuiltUi = {
  /** From the project's folder, where Pulumi runs what it runs on this machine. */
  directory: string;
  /** Sorted by name. */
  files: UiFile[];
  /** Of all of it, 12 hexadecimal digits. */
  hash: string;
};

type UiFile = { name: string; sha256: string };

/** Says what is to be done first where a stack asks for a page that is not there, before any resource is. */
export function requireBuiltUi({ variant }: Settings): void {
  if ("ui" in variant && variant.ui.kind === "builtin") builtUi();
}

export function builtUi(directory = "ui/dist"): BuiltUi {
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
