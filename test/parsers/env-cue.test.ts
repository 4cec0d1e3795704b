import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { cue } from "../../lab/go/cue.ts";
import { goBinary } from "../../lab/go/go-build.ts";
import { pipelineVariables } from "../../render/pipeline-config.ts";
import { changed, existingStack, parsed } from "../unit/settings/stacks.ts";
import { temporaryFolder, withWorld } from "../with-world.ts";

const baseImages = { prefix: "whanos", languages: ["java", "c"] };
const { settings } = parsed(
  changed(existingStack, {
    "containerRegistry.host": "registry.example.org:5000",
    mavenRegistry: { host: "registry.example.org:5000", pathPrefix: "maven-releases", sameCredentials: true },
    pipelineConfig: { namespace: "jenkins", baseImages },
  }),
);
const exported = pipelineVariables(settings);
const without = (start: string) =>
  Object.fromEntries(Object.entries(exported).filter(([name]) => !name.startsWith(start)));

const world = withWorld(async (cleanup) => {
  const program = await goBinary(cue);
  const folder = temporaryFolder(cleanup, "env-cue");
  await copyFile(new URL("../../examples/env.cue", import.meta.url), join(folder, "env.cue"));
  return { program, folder };
});

type Files = {
  env?: Record<string, unknown>;
  /** What `shop.cue` says of the app's tag. */
  tag?: string;
};

/** Runs the commands of docs/pipelines.md, and hands back what the last says. */
async function images({ env = exported, tag = "_" }: Files = {}) {
  const { folder, program } = world();
  await writeFile(join(folder, "env.json"), JSON.stringify(env));
  await writeFile(join(folder, "shop.cue"), `package env\n\ntags: "shop": ${tag}\n`);
  const files = ["--path", "env:", "env.json", "env.cue", "shop.cue"];
  const run = (args: string[]) => execa(program, [...args, ...files], { cwd: folder, reject: false });
  const vetted = await run(["vet", "--concrete"]);
  if (vetted.exitCode !== 0) return { error: vetted.stderr };
  return { images: JSON.parse((await run(["export", "--expression", "images"])).stdout) };
}

describe("examples/env.cue", () => {
  it("is written as cue fmt writes it", async () => {
    const { exitCode, stdout } = await execa(world().program, ["fmt", "--check", "env.cue"], { cwd: world().folder });
    expect([exitCode, stdout]).toEqual([0, ""]);
  });

  it.each([
    ["all there is", exported],
    ["no Maven repository", without("MAVEN_")],
    ["no base images", without("WHANOS_")],
  ])("takes what registry export-env prints: %s", async (_what, env) => {
    expect(await images({ env })).toHaveProperty("images");
  });

  it("names an image that no build makes until one did", async () => {
    expect(await images()).toEqual({ images: { shop: "registry.example.org:5000/p2c/shop:does-not-exist" } });
    expect(await images({ tag: '"1.4"' })).toEqual({ images: { shop: "registry.example.org:5000/p2c/shop:1.4" } });
  });

  it("leaves out a prefix that is empty", async () => {
    const env = { ...exported, CONTAINER_REGISTRY_PATH_PREFIX: "" };
    expect(await images({ env })).toEqual({ images: { shop: "registry.example.org:5000/shop:does-not-exist" } });
  });

  it.each<[string, Files, string]>([
    [
      "an id with a slash",
      { env: { ...exported, CONTAINER_REGISTRY_CREDENTIAL_ID: "a/b" } },
      "_CREDENTIAL_ID: invalid",
    ],
    ["a host with a scheme", { env: { ...exported, CONTAINER_REGISTRY_HOST: "https://a.b" } }, "_HOST: invalid value"],
    [
      "a truth that is no text",
      { env: { ...exported, MAVEN_REGISTRY_REQUIRES_AUTH_FOR_PUSH: true } },
      "mismatched types",
    ],
    ["a secret", { env: { ...exported, CONTAINER_REGISTRY_PASSWORD: "a" } }, "_PASSWORD: field not allowed"],
    ["a former name", { env: { ...exported, DOCKER_REGISTRY_HOST: "a.b" } }, "DOCKER_REGISTRY_HOST: field not allowed"],
    [
      "half a Maven repository",
      { env: { ...without("MAVEN_"), MAVEN_REGISTRY_HOST: "a.b" } },
      "_URL: field is required",
    ],
    ["no registry", { env: without("CONTAINER_REGISTRY_HOST") }, "CONTAINER_REGISTRY_HOST: field is required"],
    ["a base image without a tag", { env: { ...exported, A_BASE_IMAGE_C: "a.b/c" } }, "A_BASE_IMAGE_C: invalid value"],
    ["a tag that is none", { tag: '"1 4"' }, 'tags.shop: invalid value "1 4"'],
  ])("refuses %s", async (_what, files, message) => {
    expect((await images(files)).error).toContain(message);
  });
});
