import { describe, expect, it } from "vitest";
import { noDocker } from "../../../lab/docker/docker-daemon.ts";
import { ensurePlatform } from "../../../lab/platform.ts";

describe("ensurePlatform", () => {
  it.each([
    ["npm start", "containers", "linux"],
    ["npm start", "containers", "darwin"],
    ["npm run lab:cluster", "linux", "linux"],
  ] as const)("accepts %s, which needs %s, on %s", (command, needs, platform) => {
    expect(() => ensurePlatform(command, needs, platform)).not.toThrow();
  });

  it.each([
    ["npm run lab:cluster", "linux", "darwin", /^npm run lab:cluster needs Linux: .* in a Linux VM or in CI/],
    ["npm start", "containers", "win32", /^npm start runs on Linux and macOS.* WSL 2$/],
    ["npm test", "linux", "win32", /^npm test runs on Linux and macOS.* WSL 2$/],
  ] as const)("rejects %s, which needs %s, on %s, and names the way out", (command, needs, platform, message) => {
    expect(() => ensurePlatform(command, needs, platform)).toThrow(message);
  });
});

describe("without a Docker daemon the error", () => {
  it("names the programs that run Docker on macOS", () => {
    expect(noDocker("darwin")).toMatch(/start Docker Desktop, OrbStack or Colima, then run this again$/);
  });

  it("says on Linux when the lab installs Docker itself", () => {
    expect(noDocker("linux")).toContain("as root on Debian or Ubuntu the lab installs and starts Docker itself");
  });
});
