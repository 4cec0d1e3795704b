import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { type StackOptions, startStack } from "../../lab/engine/pulumi-stack.ts";

type Project = { program: string; options?: object } & Omit<StackOptions, "name" | "projectDir">;

/** What `pulumi up` and then `pulumi stack output` say of a program; a failed `up` throws. */
async function outputsOf({ program, options, ...rest }: Project): Promise<Record<string, unknown>> {
  const projectDir = await mkdtemp(join(tmpdir(), "program-"));
  try {
    await writeFile(
      join(projectDir, "Pulumi.yaml"),
      stringify({ name: "program", runtime: { name: "nodejs", options } }),
    );
    await writeFile(join(projectDir, "package.json"), "{}");
    await writeFile(join(projectDir, "index.ts"), program);
    await symlink(join(import.meta.dirname, "../../node_modules"), join(projectDir, "node_modules"));
    await using stack = await startStack({ name: "test", projectDir, ...rest });
    await stack.up();
    return await stack.outputs();
  } finally {
    await rm(projectDir, { recursive: true });
  }
}

const byTsx = { typescript: false, nodeargs: "--import tsx" };

it("a program by ts-node runs, as it does unless told otherwise", async () => {
  const program = 'import * as pulumi from "@pulumi/pulumi";\nexport const stack: string = pulumi.getStack();';
  expect(await outputsOf({ program })).toEqual({ stack: "test" });
});

it("a program by tsx gets its config, structured and secret", async () => {
  const program = `
    import * as pulumi from "@pulumi/pulumi";
    const config = new pulumi.Config();
    export const plain = config.requireObject("list");
    export const hidden = config.requireSecret("token");
    export const isSecret = pulumi.isSecret(hidden);
    export const arguments_ = process.execArgv;`;
  const outputs = await outputsOf({
    program,
    options: byTsx,
    config: { list: [1, { a: "b" }] },
    secrets: { token: "t\nu" },
  });
  expect(outputs).toMatchObject({ plain: [1, { a: "b" }], hidden: "t\nu", isSecret: true });
  expect(outputs.arguments_).toEqual(["--import", "tsx"]);
});

it("a program that throws shows its own error, once", async () => {
  const failed = outputsOf({ program: 'throw new Error("no such host");', options: byTsx });
  await expect(failed).rejects.toThrow(/Error: no such host/);
  await expect(failed).rejects.not.toThrow("non-zero exit code: 32");
});

it("a program that just ends has its exit code named", async () => {
  const program = "process.exit(7);";
  await expect(outputsOf({ program, options: byTsx })).rejects.toThrow("Program exited with non-zero exit code: 7");
});
