import { dirname, join } from "node:path";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";
import { goBinary, goIsInstalled } from "../go/go-build.ts";
import { LabError } from "../lab-error.ts";
import { say, step } from "../progress.ts";
import { fakes } from "./build-fakes.ts";
import { installOfficial, officialIsReachable } from "./official-download.ts";
import { engineOnPath, oldestFitting } from "./on-path.ts";

/** The release of the SDK in package.json. */
export const engineVersion = "3.248.0";

/** A Pulumi engine that runs the program. */
export type Engine = {
  /** `path` and `download` fetch the official plugins by themselves; beside `built` stand the lab's fakes. */
  origin: "path" | "download" | "built";
  version: string;
  /** Folders for the front of PATH: `pulumi` and what it needs beside it. */
  path: string[];
};

/** Where an engine may come from; a test puts others in their place. */
export type Sources = {
  onPath(): Promise<{ folder: string; version: string } | undefined>;
  officialIsReachable(): Promise<boolean>;
  installOfficial(folder: string): Promise<void>;
  goIsInstalled(): Promise<boolean>;
  build(): Promise<string>;
  fakes(): Promise<string>;
};

const sources: Sources = {
  onPath: engineOnPath,
  officialIsReachable,
  installOfficial,
  goIsInstalled,
  build: buildPulumi,
  fakes,
};

let found: Promise<Engine> | undefined;

/** The engine of this machine, looked for once. */
export function engine(): Promise<Engine> {
  found ??= findEngine(sources);
  found.catch(() => {
    found = undefined;
  });
  return found;
}

/** On PATH, else downloaded, else built from Go modules with the lab's fakes beside it. */
export async function findEngine(from: Sources): Promise<Engine> {
  const onPath = await from.onPath();
  if (onPath) return { origin: "path", version: onPath.version, path: [onPath.folder] };

  const downloaded = join(cacheDirectory(), `pulumi-official-${engineVersion}`);
  if (await exists(downloaded)) return { origin: "download", version: engineVersion, path: [join(downloaded, "bin")] };

  // What was once built here stays in use: the download is not tried anew at each start.
  if (!(await exists(builtPulumi())) && (await from.officialIsReachable())) {
    await step(`Pulumi ${engineVersion}: download`, () => from.installOfficial(downloaded));
    return { origin: "download", version: engineVersion, path: [join(downloaded, "bin")] };
  }
  return buildWithFakes(from);
}

async function buildWithFakes(from: Sources): Promise<Engine> {
  if (!(await exists(builtPulumi())) && !(await from.goIsInstalled()))
    throw new LabError(
      `There is no Pulumi engine to run: no pulumi from ${oldestFitting} on the PATH, get.pulumi.com cannot be reached, and there is no go to build one with; install Pulumi (https://www.pulumi.com/docs/iac/download-install/) or Go (https://go.dev/dl/), then run this again`,
    );
  const pulumi = await from.build();
  const plugins = await from.fakes();
  say(`Pulumi ${engineVersion} built from Go modules, with the lab's fakes for its plugins in ${plugins}`);
  return { origin: "built", version: engineVersion, path: [plugins, dirname(pulumi)] };
}

function builtPulumi(): string {
  return join(cacheDirectory(), `pulumi-${engineVersion}`, "pulumi");
}

function buildPulumi(): Promise<string> {
  return goBinary({
    name: "pulumi",
    version: engineVersion,
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    binary: "pulumi",
    ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`,
    goMod: `module lab/pulumi

go 1.25

require (
	github.com/pulumi/pulumi/pkg/v3 v${engineVersion}
	github.com/pulumi/pulumi/sdk/v3 v${engineVersion}
)
`,
  });
}
