import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { startSharedCluster } from "../../../lab/cluster/shared-cluster.ts";
import { type PulumiStack, startStack } from "../../../lab/engine/pulumi-stack.ts";
import { sdkGenerator } from "../../../lab/engine/sdk-generator.ts";
import { goBinary } from "../../../lab/go/go-build.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { startLab } from "../../../lab/lab.ts";
import { step } from "../../engine/step.ts";
import { trackedCopy } from "../../tracked-copy.ts";
import { temporaryFolder, withWorld } from "../../with-world.ts";
import { imageOnNodes } from "../support/cluster/cluster-registry-stack.ts";
import { podImageByDigest } from "../support/pods.ts";

const name = "package-add";
const host = `${name}.lab.test`;

/** A program as its author writes it: the compiler checks it against the generated SDK. */
const program = `import * as pulumi from "@pulumi/pulumi";
import * as registry from "@pulumi/container-registry";

const config = new pulumi.Config("elsewhere");
const kubernetes = { kubeconfig: config.requireSecret("kubeconfig") };
const inCluster = new registry.ClusterRegistry("registry", {
  containerRegistry: { host: config.require("host"), account: "jenkins" },
  variant: {
    namespace: config.require("namespace"),
    ingressClassName: "traefik",
    tls: { kind: "private-ca" },
    images: config.requireObject("images"),
  },
  accounts: [{ name: "jenkins", push: ["**"] }],
  passwords: { jenkins: config.requireSecret("password") },
  kubernetes,
});
new registry.NodeDaemonSet("nodes", {
  nodeDaemonSet: { runtime: "containerd", image: { reference: config.require("podImage") } },
  endpoint: inCluster.endpoint,
  kubernetes,
});
export const { url, ca, accountPasswords } = inCluster;
`;

const files = {
  "Pulumi.yaml": "name: elsewhere\nruntime: nodejs\n",
  "package.json": JSON.stringify({
    name: "elsewhere",
    main: "index.ts",
    dependencies: { "@pulumi/pulumi": "3.248.0" },
    devDependencies: { "@types/node": "24", typescript: "5" },
  }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: { strict: true, target: "es2020", module: "commonjs", moduleResolution: "node", noEmit: true },
    files: ["index.ts"],
  }),
  "index.ts": program,
};

const world = withWorld(async ({ use, defer }) => {
  const [{ dns }, cluster] = await Promise.all([startLab(), startSharedCluster()]);
  const namespaces = [name, "registry-trust"];
  const removeNamespaces = () => cluster.kubectl(["delete", "namespace", ...namespaces, "--ignore-not-found"]);
  await removeNamespaces();
  defer(removeNamespaces);
  await dns.add(host, cluster.ingressAddress);
  defer(() => dns.remove(host));

  const folder = temporaryFolder({ defer }, name);
  const [clone, project] = [join(folder, "clone"), join(folder, "elsewhere")];
  await trackedCopy(clone);
  await mkdir(project);
  for (const [file, text] of Object.entries(files)) await writeFile(join(project, file), text);

  const image = async (each: "registry" | "proxy") => imageOnNodes(cluster, each, (await registryImage(each)).tag);
  const [digest] = await Promise.all([cluster.controlPlane, ...cluster.workers].map(podImageByDigest));
  const stack = use(
    await startStack({
      name,
      projectDir: project,
      config: {
        "elsewhere:host": host,
        "elsewhere:namespace": name,
        "elsewhere:images": { registry: await image("registry"), proxy: await image("proxy") },
        "elsewhere:podImage": `docker.io/container-registry-lab/pod@${digest}`,
      },
      secrets: {
        "elsewhere:password": "s3cret-Ünïcode",
        "elsewhere:kubeconfig": await readFile(cluster.kubeconfig, "utf8"),
      },
    }),
  );
  defer(() => stack.destroy().catch(() => {}));
  return { clone, cluster, project, stack };
});

/** Runs a program in the project, where Pulumi finds the SDK generator and npm the packages that this checkout's install left. */
async function inProject({ env, projectDir }: PulumiStack, command: string, args: string[]): Promise<string> {
  const PATH = [env.PATH, dirname(await goBinary(sdkGenerator))].join(delimiter);
  const { all } = await execa(command, args, {
    cwd: projectDir,
    env: { ...env, PATH, npm_config_prefer_offline: "true" },
    all: true,
    timeout: 600_000,
  });
  return all;
}

it("pulumi package add › gives an empty TypeScript project a registry in its cluster, and nodes that trust it", {
  timeout: 1_500_000,
}, async () => {
  const { clone, cluster, project, stack } = world();
  const certs = `/etc/containerd/certs.d/${host}`;
  await step("it writes an SDK that the compiler takes the program with", async () => {
    const added = await inProject(stack, "pulumi", ["package", "add", join(clone, "plugin")]);
    expect(added).toContain('import * as containerRegistry from "@pulumi/container-registry";');
    expect(await readFile(join(project, "Pulumi.yaml"), "utf8")).toContain(`container-registry: ${clone}/plugin`);
    await inProject(stack, "npx", ["tsc"]);
  });

  await step("up serves the registry, and every node trusts it", async () => {
    await stack.up({ preview: true });
    const { url, ca, accountPasswords } = await stack.outputs();
    expect([url, accountPasswords]).toEqual([`https://${host}`, { jenkins: "s3cret-Ünïcode" }]);
    for (const node of [cluster.controlPlane, ...cluster.workers])
      expect(await node.run('cat "$1/ca.crt"', { args: [certs] })).toBe(String(ca).trim());
    const [node] = cluster.workers;
    expect(
      await node?.run('curl -sS --cacert "$1/ca.crt" "https://$2/v2/_catalog"', { args: [certs, host] }),
    ).toContain('"repositories"');
  });

  await step("a second up changes nothing, and the password is nowhere in clear", async () => {
    const { output } = await stack.up({ flags: ["--expect-no-changes"] });
    for (const text of [output, JSON.stringify(await stack.exportState())]) expect(text).not.toContain("Ünïcode");
  });

  await step("destroy removes both", async () => {
    await stack.destroy();
    for (const node of cluster.workers) expect((await node.attempt('ls "$1"', { args: [certs] })).ok).toBe(false);
    expect(await cluster.kubectl(["get", "deployments", "--namespace", name, "--output", "name"])).toBe("");
  });
});
