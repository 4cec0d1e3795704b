import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, isMap, parse, parseDocument, type YAMLMap } from "yaml";

/**
 * A stack's stack file, and a folder of its own for it with a copy of Pulumi.yaml. `pulumi stack init` and `pulumi config` run
 * in that folder, so that they do not change the checkout.
 */
export type StackSettings = { folder: string; file: string; project: string };

export async function stackSettings(name: string, projectDir: string, folder: string): Promise<StackSettings> {
  await mkdir(folder, { recursive: true });
  const pulumiYaml = join(projectDir, "Pulumi.yaml");
  if (folder !== projectDir) await copyFile(pulumiYaml, join(folder, "Pulumi.yaml"));
  const { name: project } = parse(await readFile(pulumiYaml, "utf8")) as { name: string };
  return { folder, file: join(folder, `Pulumi.${name}.yaml`), project };
}

/** Writes plain values (scalars, lists or objects) under `config:` in the stack file. The value `undefined` removes a key. */
export async function writeConfig(settings: StackSettings, values: Record<string, unknown>): Promise<void> {
  const document = parseDocument<YAMLMap>(await readFile(settings.file, "utf8").catch(() => ""), yamlOfPulumi);
  document.contents ??= document.createNode({}) as YAMLMap;
  for (const [key, value] of Object.entries(values)) {
    const path = ["config", configKey(settings, key)];
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  useBlockStyle(document);
  await writeFile(settings.file, document.toString());
}

/**
 * Makes the file's maps multi-line. A map that was read as `{}` would otherwise be written on one line, with all its
 * entries.
 */
function useBlockStyle(document: Document): void {
  for (const map of [document.contents, document.get("config")]) if (isMap(map)) map.flow = false;
}

/** Quotes texts that YAML 1.1, which Pulumi reads, takes for numbers or dates, such as 1_000 and 2027-03-31. */
const yamlOfPulumi = { compat: "yaml-1.1" } as const;

/** A configuration key with its `<project>:` prefix. Keys of this project may be given without the prefix. */
export function configKey({ project }: StackSettings, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}
