import { expect, it } from "vitest";
import { startStack } from "../../../lab/engine/pulumi-stack.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { startLab } from "../../../lab/lab.ts";
import { builtProject, bundleProjects } from "../../engine/projects.ts";
import { step } from "../../engine/step.ts";
import { withWorld } from "../../with-world.ts";

const name = "use-from-a-program";
const host = `${name}.lab.test`;

const world = withWorld(async ({ use }) => {
  await startLab();
  await bundleProjects();
  const machine = use(await startMachine({ name }));
  const node = use(await startMachine({ name: `${name}-node`, kind: "bare" }));
  const image = async (which: "registry" | "proxy") => {
    const { id, archive } = await registryImage(which);
    return { reference: id, archive };
  };
  const components = [
    {
      name: "registry",
      type: "RegistryHost",
      inputs: {
        containerRegistry: { host, account: "jenkins" },
        variant: {
          connection: machine.connection,
          tls: { kind: "private-ca" },
          images: { registry: await image("registry"), proxy: await image("proxy") },
          ui: { kind: "builtin" },
        },
        accounts: [{ name: "jenkins", push: ["**"] }],
        passwords: { jenkins: { $secret: "password" } },
        sshPrivateKey: { $secret: "machineKey" },
      },
      outputs: ["endpoint", "url", "ca", "accountPasswords"],
    },
    {
      name: "node",
      type: "NodeTrust",
      inputs: {
        node: { name: "node", runtime: "k3s", connection: node.connection, account: "jenkins" },
        endpoint: { $output: "registry.endpoint" },
        sshPrivateKey: { $secret: "nodeKey" },
      },
      outputs: ["summary"],
    },
  ];
  const stack = use(
    await startStack({
      name,
      projectDir: builtProject("plugin"),
      config: { components, shown: ["registry.url", "registry.ca", "registry.accountPasswords"] },
      secrets: {
        password: "s3cret-Ünïcode",
        machineKey: machine.keys.privateKey,
        nodeKey: node.keys.privateKey,
      },
    }),
  );
  return { machine, node, stack };
});

it("a program elsewhere › runs a registry, and a node that trusts it, until destroy", {
  timeout: 600_000,
}, async () => {
  const { machine, node, stack } = world();
  await step("up serves the registry, its ui and the node's trust", async () => {
    await stack.up({ preview: true });
    const outputs = await stack.outputs();
    expect(outputs["registry.url"]).toBe(`https://${host}`);
    expect(outputs["registry.accountPasswords"]).toEqual({ jenkins: "s3cret-Ünïcode" });

    await node.run("cat > ca.pem", { input: String(outputs["registry.ca"]) });
    expect(await node.run(`curl -sS --cacert ca.pem https://${host}/v2/_catalog`)).toContain('"repositories"');
    expect(await node.run(`curl -sS --cacert ca.pem -o /dev/null -w '%{http_code}' https://${host}/ui/`)).toBe("200");
    const trusted = await node.run("cat /etc/rancher/k3s/registries.yaml");
    expect(trusted).toContain(`https://${host}`);
    expect(trusted).toContain("jenkins");
  });

  await step("a second up changes nothing, and the password is nowhere in clear", async () => {
    const { output } = await stack.up({ flags: ["--expect-no-changes", "--debug"] });
    for (const text of [output, JSON.stringify(await stack.exportState())]) expect(text).not.toContain("Ünïcode");
  });

  await step("destroy removes both", async () => {
    await stack.destroy();
    expect(await node.run("ls /etc/rancher/k3s/registries.yaml 2>&1 || true")).toContain("No such file");
    expect(await machine.run("ls /etc/container-registry 2>&1 || true")).toContain("No such file");
  });
});
