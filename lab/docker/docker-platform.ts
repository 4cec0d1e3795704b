import type { GoPlatform } from "../go/go-platform.ts";
import { LabError } from "../lab-error.ts";
import { docker } from "./docker.ts";

let asked: Promise<GoPlatform> | undefined;

/** The platform of Docker's containers, which may be another than this machine's: on macOS they run in a Linux VM. */
export function dockerPlatform(): Promise<GoPlatform> {
  asked ??= askServer();
  asked.catch(() => {
    asked = undefined;
  });
  return asked;
}

async function askServer(): Promise<GoPlatform> {
  const [os = "", arch = ""] = (await docker(["version", "--format", "{{.Server.Os}} {{.Server.Arch}}"])).split(" ");
  if (os !== "linux")
    throw new LabError(`Docker runs ${os} containers, and the lab needs Linux containers; switch Docker to Linux`);
  return { os, arch };
}
