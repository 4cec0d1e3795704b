import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { registry } from "../../../../operations/registry.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import { said } from "../output.ts";

const folder = withFreshWorld(async (cleanup) => {
  const folder = temporaryFolder(cleanup, "import-env");
  // Where npm was called: it runs scripts in the project's folder.
  vi.stubEnv("INIT_CWD", folder);
  cleanup.defer(() => vi.unstubAllEnvs());
  await writeFile(join(folder, "cluster.env"), "CONTAINER_REGISTRY_HOST=registry.example.org\n");
  await writeFile(join(folder, "wrong.env"), "CONTAINER_REGISTRY_HOST\n");
  return folder;
});

const run = (argv: string) => said(registry, ["import-env", ...argv.split(" ")]);

describe("registry import-env", () => {
  it("prints the stack file", async () => {
    const { exitCode, stdout, stderr } = await run("cluster.env --stack org");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("#   pulumi stack init org\n");
    expect(stdout).toContain("\n    host: registry.example.org\n");
  });

  it("writes it, once, from where the person is, and takes the stack's name from the file's", async () => {
    expect(await run("cluster.env --out Pulumi.org.yaml")).toEqual({
      exitCode: 0,
      stdout: "wrote Pulumi.org.yaml; its first lines say what is left to do",
      stderr: "",
    });
    const file = join(folder(), "Pulumi.org.yaml");
    expect(await readFile(file, "utf8")).toContain("#   pulumi stack init org\n");

    await writeFile(file, "encryptionsalt: v1:abc\n");
    expect(await run("cluster.env --out Pulumi.org.yaml")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "error: Pulumi.org.yaml is there already, and stays; take another name",
    });
    expect(await readFile(file, "utf8")).toBe("encryptionsalt: v1:abc\n");
  });

  it("is JSON where asked for", async () => {
    const { stdout } = await run("cluster.env --json");
    expect(JSON.parse(stdout)).toEqual({
      keys: {
        containerRegistry: { host: "registry.example.org" },
        variant: { kind: "existing", tls: { kind: "public" } },
      },
      secrets: ["registryUsername", "registryPassword"],
      stack: "NAME",
    });
  });

  it.each([
    ["wrong.env", 2, "wrong.env: 2 problems\n  line 1: is no NAME=VALUE"],
    ["missing.env", 1, "missing.env cannot be read: ENOENT"],
    ["cluster.env --out no/such/folder.yaml", 1, "no/such/folder.yaml cannot be written: ENOENT"],
    ["cluster.env --namespace A", 2, '--namespace is no Kubernetes name: "A"'],
    ["cluster.env --stack a;b", 2, '--stack is no stack\'s name: "a;b"'],
    ["cluster.env --variant moon", 2, "--variant is one of existing, host, cluster, hybrid"],
  ])("refuses %s", async (argv, exitCode, message) => {
    const result = await run(argv);
    expect(result).toMatchObject({ exitCode, stdout: "" });
    expect(result.stderr.startsWith(`error: ${message}`)).toBe(true);
  });
});
