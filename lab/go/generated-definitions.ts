import { cp, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { cacheDirectory } from "../cache.ts";
import type { Kubectl } from "../cluster/kubectl.ts";
import { exists } from "../exists.ts";
import { withLabLock } from "../locks/lock.ts";
import { step } from "../progress.ts";
import { type GoBinary, goBinary } from "./go-build.ts";
import { type GoModule, goModuleFolder } from "./go-module.ts";

/** Operators publish the Go types of their API. Like their own builds, the lab generates the definitions from these with this program. */
const controllerGen: GoBinary = {
  name: "controller-tools",
  version: "0.21.0",
  package: "sigs.k8s.io/controller-tools/cmd/controller-gen",
  binary: "controller-gen",
};

export type GeneratedDefinitions = GoModule & {
  /** The operator, as in `flux`. It names the folder in the cache. */
  name: string;
  /** The API group, as in `image.toolkit.fluxcd.io`. */
  group: string;
  /** The plurals of the kinds. */
  kinds: readonly string[];
};

/** Installs CustomResourceDefinitions that are generated from a Go module, and waits until they are established. */
export async function installGenerated(kubectl: Kubectl, wanted: GeneratedDefinitions): Promise<void> {
  const folder = await generated(wanted);
  const files = wanted.kinds.flatMap((kind) => ["--filename", join(folder, `${wanted.group}_${kind}.yaml`)]);
  await kubectl(["apply", "--server-side", "--force-conflicts", ...files]);
  await kubectl(["wait", "--for=condition=Established", ...crds(wanted).map((crd) => `crd/${crd}`), "--timeout=60s"]);
}

/** Deletes the definitions, which also deletes all their objects. */
export async function removeGenerated(
  kubectl: Kubectl,
  wanted: Pick<GeneratedDefinitions, "group" | "kinds">,
): Promise<void> {
  await kubectl(["delete", "crd", ...crds(wanted), "--ignore-not-found"]);
}

function crds({ group, kinds }: Pick<GeneratedDefinitions, "group" | "kinds">): string[] {
  return kinds.map((kind) => `${kind}.${group}`);
}

async function generated(wanted: GeneratedDefinitions): Promise<string> {
  const folder = join(cacheDirectory(), `${wanted.name}-${wanted.version}`);
  const program = await goBinary(controllerGen);
  if (!(await exists(folder))) await withLabLock(() => generate(program, wanted, folder), "builds");
  return folder;
}

/** Generates the definitions in a copy of the Go module, because Go's module cache is read-only. */
async function generate(program: string, wanted: GeneratedDefinitions, folder: string): Promise<void> {
  if (await exists(folder)) return;
  const aside = join(dirname(folder), `.${wanted.name}-${process.pid}`);
  const [source, generatedFolder] = [join(aside, "api"), join(aside, "definitions")];
  await step(`${wanted.name} ${wanted.version}: generate its definitions`, async () => {
    try {
      await mkdir(aside, { recursive: true });
      await cp(await goModuleFolder(wanted), source, { recursive: true });
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
