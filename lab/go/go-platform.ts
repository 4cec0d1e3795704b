/** An operating system and an architecture, as Go and Docker name them: `linux` and `arm64`. */
export type GoPlatform = { os: string; arch: string };

/** The platform of this machine. */
export const thisPlatform: GoPlatform = {
  os: process.platform,
  arch: process.arch === "x64" ? "amd64" : process.arch,
};

/** Whether programs of that platform run on this machine. */
export function isThisPlatform({ os, arch }: GoPlatform): boolean {
  return os === thisPlatform.os && arch === thisPlatform.arch;
}
