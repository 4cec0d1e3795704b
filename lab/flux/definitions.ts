import { cp, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import type { Kubectl } from "../cluster/kubectl.ts";
import { exists } from "../exists.ts";
import { type GoBinary, goBinary } from "../go/go-build.ts";
import { goModuleFolder } from "../go/go-module.ts";
import { withLabLock } from "../locks/lock.ts";
import { step } from "../progress.ts";

/**
 * Flux publishes only the Go types of its API; like Flux's own build, the lab generates the definitions from them with this
 * program.
 */
const controllerGen: GoBinary = {
  name: "controller-tools",
  version: "0.21.0",
  package: "sigs.k8s.io/controller-tools/cmd/controller-gen",
  binary: "controller-gen",
};

const kinds = ["imagerepositories", "imagepolicies"];
const group = "image.toolkit.fluxcd.io";

/** Versions of the image-reflector-controller: 0.35.2 serves v1beta1 and v1beta2, 1.2.5 serves only v1. */
export type FluxVersion = "0.35.2" | "1.2.5";

/** Installs Flux' CustomResourceDefinitions of image repositories and policies, and waits until they are established. */
export async function installDefinitions(kubectl: Kubectl, version: FluxVersion = "0.35.2"): Promise<void> {
  const folder = await generated(version);
  const files = kinds.flatMap((kind) => ["--filename", join(folder, `${group}_${kind}.yaml`)]);
  await kubectl(["apply", "--server-side", "--force-conflicts", ...files]);
  await kubectl([
    "wait",
    "--for=condition=Established",
    ...kinds.map((kind) => `crd/${kind}.${group}`),
    "--timeout=60s",
  ]);
}

/** Deletes the definitions, which also deletes all image repositories and policies. */
export async function removeDefinitions(kubectl: Kubectl): Promise<void> {
  await kubectl(["delete", "crd", ...kinds.map((kind) => `${kind}.${group}`), "--ignore-not-found"]);
}

async function generated(version: FluxVersion): Promise<string> {
  const folder = join(cacheDirectory(), `flux-${version}`);
  const program = await goBinary(controllerGen);
  if (!(await exists(folder))) await withLabLock(() => generate(program, version, folder), "builds");
  return folder;
}

/** Generates the definitions in a copy of Flux' Go module, because Go's module cache is read-only. */
async function generate(program: string, version: FluxVersion, folder: string): Promise<void> {
  if (await exists(folder)) return;
  const aside = join(dirname(folder), `.flux-${process.pid}`);
  const [source, generatedFolder] = [join(aside, "api"), join(aside, "definitions")];
  await step(`Flux ${version}: generate its definitions`, async () => {
    try {
      await mkdir(aside, { recursive: true });
      const module = { module: "github.com/fluxcd/image-reflector-controller/api", version };
      await cp(await goModuleFolder(module), source, { recursive: true });
      await execa("chmod", ["-R", "u+w", source]);
      const env = { GOFLAGS: "-mod=mod", GOSUMDB: "off", GOWORK: "off" };
      await execa(program, ["crd", "paths=./...", `output:crd:artifacts:config=${generatedFolder}`], {
        cwd: source,
        env,
      });
      await rename(generatedFolder, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}
