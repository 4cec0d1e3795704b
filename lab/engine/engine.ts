import { dirname, join } from "node:path";
import { cacheDirectory } from "../cache.ts";
import { exists } from "../exists.ts";
import { goBinary, goIsInstalled } from "../go/go-build.ts";
import { LabError } from "../lab-error.ts";
import { canBeReached } from "../official-sources.ts";
import { say, step } from "../progress.ts";
import { buildFakes } from "./build-fakes.ts";
import { installOfficial } from "./official-download.ts";
import { engineOnPath, oldestFitting } from "./on-path.ts";

/** The engine's version: that of the Pulumi SDK in package.json. */
export const engineVersion = "3.248.0";

/** A Pulumi engine that runs the program. */
export type Engine = {
  /**
   * Where the engine comes from. `path` and `download` engines use the official plugins; a `built` engine uses the lab's
   * fakes.
   */
  origin: "path" | "download" | "built";
  version: string;
  /** Folders to add at the front of PATH. They contain `pulumi` and the programs that it starts. */
  path: string[];
};

/** The ways to get an engine; tests replace them. */
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
  officialIsReachable: () => canBeReached("get.pulumi.com"),
  installOfficial,
  goIsInstalled,
  build: buildPulumi,
  fakes: buildFakes,
};

let found: Promise<Engine> | undefined;

/** The engine of this machine. Each process searches for it once. */
export function engine(): Promise<Engine> {
  found ??= findEngine(sources);
  found.catch(() => {
    found = undefined;
  });
  return found;
}

/**
 * Uses the engine on PATH if there is one. Otherwise this function downloads the official engine, or, where that is not
 * possible, builds the engine from Go modules and uses the lab's fakes as plugins.
 */
export async function findEngine(from: Sources): Promise<Engine> {
  const onPath = await from.onPath();
  if (onPath) return { origin: "path", version: onPath.version, path: [onPath.folder] };

  const downloaded = join(cacheDirectory(), `pulumi-official-${engineVersion}`);
  if (await exists(downloaded)) return { origin: "download", version: engineVersion, path: [join(downloaded, "bin")] };

  // An engine that was built earlier is used again, without trying to download the official one.
  if (!(await exists(builtPulumi())) && (await from.officialIsReachable())) {
    try {
      await step(`Pulumi ${engineVersion}: download`, () => from.installOfficial(downloaded));
      return { origin: "download", version: engineVersion, path: [join(downloaded, "bin")] };
    } catch (error) {
      say(`Pulumi could not be downloaded, so the lab builds it: ${(error as Error).message}`);
    }
  }
  return buildWithFakes(from);
}

async function buildWithFakes(from: Sources): Promise<Engine> {
  if (!(await exists(builtPulumi())) && !(await from.goIsInstalled()))
    throw new LabError(
      `no Pulumi engine was found: the PATH has no pulumi ${oldestFitting} or newer, it cannot be downloaded from get.pulumi.com, and there is no Go to build one with; install Pulumi (https://www.pulumi.com/docs/iac/download-install/) or Go (https://go.dev/dl/), then run this again`,
    );
  const pulumi = await from.build();
  const plugins = await from.fakes();
  say(`Pulumi ${engineVersion} built from Go modules, with the lab's fakes for its plugins in ${plugins}`);
  return { origin: "built", version: engineVersion, path: [plugins, dirname(pulumi)] };
}

function builtPulumi(): string {
  return join(cacheDirectory(), `pulumi-${engineVersion}`, "pulumi");
}

/** Builds the engine from Go modules, unless the cache has it, and returns its path. */
export function buildPulumi(): Promise<string> {
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
