import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type LockedPackage = { integrity?: string; resolved?: string; link?: boolean; hasInstallScript?: boolean };

const { packages } = read("package-lock.json") as { packages: Record<string, LockedPackage> };
const { allowScripts } = read("package.json") as { allowScripts: Record<string, boolean> };
/** All but the project, its workspaces, and the links to these. */
const downloaded = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);

describe("package-lock.json", () => {
  it("has the SHA-512 of every package, so that npm refuses one with other contents", () => {
    expect(downloaded.length).toBeGreaterThan(100);
    expect(downloaded.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual(
      [],
    );
  });

  it("names no download address, so that each machine takes packages from its own registry", () => {
    expect(downloaded.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  // The programs work without them: those of ssh2 and cpu-features compile C++ for half a minute, Pulumi's download plugins that the
  // engine downloads itself, esbuild's and protobufjs' check what was installed.
  it("has no package whose install script npm runs", () => {
    const withScript = downloaded.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = withScript.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
    expect(Object.entries(allowScripts)).toEqual([...new Set(names)].sort().map((name) => [name, false]));
  });
});

function read(file: string): object {
  return JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"));
}
