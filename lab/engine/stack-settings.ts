import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, isMap, parse, parseDocument, type YAMLMap } from "yaml";

/**
 * The stack file of one stack, beside a copy of Pulumi.yaml in a folder of its own: `pulumi stack init` and
 * `pulumi config` run there, and the checkout stays as it is.
 */
export type StackSettings = { folder: string; file: string; project: string };

export async function stackSettings(name: string, projectDir: string, folder: string): Promise<StackSettings> {
  await mkdir(folder, { recursive: true });
  const pulumiYaml = join(projectDir, "Pulumi.yaml");
  if (folder !== projectDir) await copyFile(pulumiYaml, join(folder, "Pulumi.yaml"));
  const { name: project } = parse(await readFile(pulumiYaml, "utf8")) as { name: string };
  return { folder, file: join(folder, `Pulumi.${name}.yaml`), project };
}

/** Writes plain values, structured or not, under `config:`; `undefined` takes a key out. */
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

/** A map that was read in flow style, as `{}` is, would keep that style for everything put into it. */
function useBlockStyle(document: Document): void {
  for (const map of [document.contents, document.get("config")]) if (isMap(map)) map.flow = false;
}

/** Pulumi reads YAML 1.1 numbers and days, too, such as 1_000 and 2027-03-31: texts like these get quotes. */
const yamlOfPulumi = { compat: "yaml-1.1" } as const;

/** The project's own keys may go without its name. */
export function configKey({ project }: StackSettings, key: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}
