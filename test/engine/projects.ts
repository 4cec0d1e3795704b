import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { lightSdk, programOptions, withOwnAddress } from "../../bundle/write-bundle.js";

const names = ["cluster", "kubernetes", "moves", "plugin", "tiny", "variants"] as const;

/** The folder of one of this folder's Pulumi projects, with its program as JavaScript. */
export function builtProject(name: (typeof names)[number]): string {
  return join(import.meta.dirname, "../../node_modules/.cache/test-projects", name);
}

/** Bundles the program of each project. Otherwise every Pulumi command would compile it, which takes a second. */
export async function bundleProjects(): Promise<void> {
  for (const name of names) {
    const [source, target] = [join(import.meta.dirname, name), builtProject(name)];
    await mkdir(target, { recursive: true });
    await copyFile(join(source, "Pulumi.yaml"), join(target, "Pulumi.yaml"));
    await build({
      entryPoints: [join(source, "index.ts")],
      outfile: join(target, "index.mjs"),
      ...programOptions,
      plugins: [lightSdk, ownAddresses],
    });
  }
}

/** A component that reads files beside itself must find them from the bundle, too. */
const ownAddresses: Plugin = {
  name: "own-addresses",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path.includes("/node_modules/")) return;
      return { contents: withOwnAddress(path, await readFile(path, "utf8")), loader: "ts" };
    });
  },
};
