import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const project = join(import.meta.dirname, "../..");
const leftOut = ["node_modules", ".git", "test", "bench", "bench-results", "data"];

/** A folder with the program in it, as a job checks it out, its packages installed. */
export interface Checkout extends AsyncDisposable {
  folder: string;
}

/** Copies the program, so that what a job writes beside it stays out of this one. */
export async function newCheckout(): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-checkout-"));
  await cp(project, folder, { recursive: true, filter: (path) => !leftOut.includes(relative(project, path)) });
  // In the place of `npm ci`.
  await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
