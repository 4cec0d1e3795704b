import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type LockedPackage = { integrity?: string; resolved?: string; link?: boolean };

const { packages } = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8")) as {
  packages: Record<string, LockedPackage>;
};
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
});
