import { execa } from "execa";
import { type Applicant, applyScript, removeScript, standardInput } from "../../../../hosts/apply/apply-script.ts";
import { registryHostBundle, registryHostSecretFiles } from "../../../../hosts/registry-host/registry-host.ts";
import { asRoot } from "../../../../hosts/transport/transport.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import { type RegistryImageName, registryImage } from "../../../../lab/images/registry-images.ts";
import { ContainerRegistry } from "../../../../settings/container-registry.ts";
import { HostVariant } from "../../../../settings/variants/host.ts";

const applicant: Applicant = {
  owner: { id: "0123456789abcdef", stack: "container-registry/script", takeOverFrom: [] },
  application: "script",
};

type Outcome = { ok: boolean; words: string };

/** Runs the scripts with which `up` and `destroy` change a registry host, directly on a machine and without Pulumi. */
export interface HostScript {
  apply(variant?: Record<string, unknown>, containerRegistry?: Record<string, unknown>): Promise<Outcome>;
  remove(variant?: Record<string, unknown>): Promise<Outcome>;
}

/** The scripts for a registry with plain HTTP on port 80, which needs no certificate, and images that Docker has already. */
export async function hostScript(machine: Machine): Promise<HostScript> {
  const images = {
    registry: await loadedImage(machine, "registry"),
    proxy: await loadedImage(machine, "proxy"),
  };
  const planned = (variant: Record<string, unknown>, containerRegistry: Record<string, unknown> = {}) => {
    const connection = { kind: "docker-container", name: machine.container };
    const plan = {
      variant: HostVariant.parse({ kind: "host", connection, tls: { kind: "none" }, images, ...variant }),
      containerRegistry: ContainerRegistry.parse({
        host: `${machine.name}.lab.test`,
        account: "jenkins",
        ...containerRegistry,
      }),
      accounts: [],
    };
    const bundle = registryHostBundle({ ...plan, archives: {}, ca: "", probed: false });
    const secretFiles = registryHostSecretFiles(plan, { accounts: [], httpSecret: "signs uploads" });
    const stdin = standardInput(bundle, applicant, secretFiles);
    return { plan, bundle, stdin };
  };
  const run = async (text: string, input: string): Promise<Outcome> => {
    const { exitCode, stderr } = await execa("sh", ["-c", text], { input, reject: false, timeout: 300_000 });
    return { ok: exitCode === 0, words: stderr };
  };
  return {
    apply: (variant = {}, containerRegistry = {}) => {
      const { plan, bundle, stdin } = planned(variant, containerRegistry);
      return run(asRoot(plan.variant.connection, applyScript(bundle)), stdin);
    },
    remove: (variant = {}) => {
      const { plan, bundle, stdin } = planned(variant);
      return run(asRoot(plan.variant.connection, removeScript(bundle)), stdin);
    },
  };
}

/** Loads an image into the machine's Docker, and returns it as settings of an image that is pulled. Nothing is pulled then. */
async function loadedImage(machine: Machine, name: RegistryImageName) {
  return { reference: await loadImage(machine, name), archive: "package.json" };
}

/** Loads one of the lab's images into a machine's Docker, and returns the image's id. */
export async function loadImage(machine: Machine, name: RegistryImageName): Promise<string> {
  const { archive, id } = await registryImage(name);
  await machine.copyTo(archive, "/root/image.tar");
  await machine.run("docker load --quiet --input /root/image.tar && rm /root/image.tar");
  return id;
}
