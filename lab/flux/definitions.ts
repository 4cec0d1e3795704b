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

/** By it Flux itself makes its definitions from the types of its API, which alone are published as a Go module. */
const controllerGen: GoBinary = {
  name: "controller-tools",
  version: "0.21.0",
  package: "sigs.k8s.io/controller-tools/cmd/controller-gen",
  binary: "controller-gen",
};

const kinds = ["imagerepositories", "imagepolicies"];
const group = "image.toolkit.fluxcd.io";

/** Of the image-reflector-controller: 0.35.2 serves v1beta1 and v1beta2, 1.2.5 serves v1 alone. */
export type FluxVersion = "0.35.2" | "1.2.5";

/** Puts Flux' own definitions of image repositories and policies into a cluster, and waits until the API knows them. */
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

/** Takes them out, and with them all image repositories and policies. */
export async function removeDefinitions(kubectl: Kubectl): Promise<void> {
  await kubectl(["delete", "crd", ...kinds.map((kind) => `${kind}.${group}`), "--ignore-not-found"]);
}

async function generated(version: FluxVersion): Promise<string> {
  const folder = join(cacheDirectory(), `flux-${version}`);
  const program = await goBinary(controllerGen);
  if (!(await exists(folder))) await withLabLock(() => generate(program, version, folder), "builds");
  return folder;
}

/** In a copy: Go lets nobody write into its own cache. */
async function generate(program: string, version: FluxVersion, folder: string): Promise<void> {
  if (await exists(folder)) return;
  const aside = join(dirname(folder), `.flux-${process.pid}`);
  const [source, made] = [join(aside, "api"), join(aside, "made")];
  await step(`Flux ${version}: generate its definitions`, async () => {
    try {
      await mkdir(aside, { recursive: true });
      const module = { module: "github.com/fluxcd/image-reflector-controller/api", version };
      await cp(await goModuleFolder(module), source, { recursive: true });
      await execa("chmod", ["-R", "u+w", source]);
      const env = { GOFLAGS: "-mod=mod", GOSUMDB: "off", GOWORK: "off" };
      await execa(program, ["crd", "paths=./...", `output:crd:artifacts:config=${made}`], { cwd: source, env });
      await rename(made, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  });
}
