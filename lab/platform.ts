import { LabError } from "./lab-error.ts";

/** `containers`: Linux containers of any Docker; `linux`: this machine has to run Linux itself. */
export type Needs = "containers" | "linux";

/** Fails where this machine's system lacks what a command needs, before that command starts or builds anything. */
export function ensurePlatform(command: string, needs: Needs, platform: NodeJS.Platform = process.platform): void {
  if (platform === "linux") return;
  if (platform !== "darwin")
    throw new LabError(`${command} runs on Linux and macOS, and this is ${platform}; on Windows, run it in WSL 2`);
  if (needs === "linux")
    throw new LabError(
      `${command} needs Linux: it connects to containers by their own addresses, which on macOS exist only in Docker's VM, and runs Linux programs beside them; run it in a Linux VM or in CI. \`npm start\` needs Docker alone`,
    );
}
