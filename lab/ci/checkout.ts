import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const project = join(import.meta.dirname, "../..");
const leftOut = ["node_modules", ".git", "test", "bench", "bench-results", "campaign", "data"];

/** A checkout of this project, with its npm packages, as a CI job finds it. */
export interface Checkout extends AsyncDisposable {
  folder: string;
}

/** Copies this project, so that files a job writes do not end up in the real checkout. */
export async function newCheckout(): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), "container-registry-checkout-"));
  await cp(project, folder, { recursive: true, filter: (path) => !leftOut.includes(relative(project, path)) });
  // The copy shares the real checkout's npm packages, so that `npm ci` need not run.
  await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
