import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings/settings.ts";
import { StackFileError } from "../settings/stack-file-error.ts";

/** This project's own page, as Vite has built it. */
export type BuiltPage = {
  /** From the project's folder, where Pulumi runs what it runs on this machine. */
  directory: string;
  /** Names of its files, sorted. */
  files: string[];
  /** Of names and contents, 12 hexadecimal digits. */
  hash: string;
};

/** Says what is to be done first where a stack asks for a page that is not there, before any resource is. */
export function requireBuiltPage({ variant }: Settings): void {
  if ("ui" in variant && variant.ui.kind === "builtin") builtPage();
}

export function builtPage(directory = "ui/dist"): BuiltPage {
  const files = filesOf(directory);
  if (!files.includes("index.html"))
    throw new StackFileError(
      `stack ${pulumi.getStack()}: variant.ui builtin: ${directory} holds no built page; build it: npm run build:ui`,
    );
  const hash = createHash("sha256");
  for (const name of files)
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(directory, name)))
      .update("\0");
  return { directory, files, hash: hash.digest("hex").slice(0, 12) };
}

function filesOf(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  } catch {
    return [];
  }
}
