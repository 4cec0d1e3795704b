import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Document, isMap, parseDocument, type YAMLMap } from "yaml";
import { namespace } from "../../settings/namespace.ts";
import { OperationError } from "../operation-error.ts";
import { projectFolder } from "../pulumi.ts";
import { type Answers, questions } from "./questions.ts";

const schemaComment = " yaml-language-server: $schema=docs/stack.schema.json";

/** A stack file as it is now: what is in it, without anything decrypted. */
export type StackFile = {
  path: string;
  /** Answers to `pulumi new`, which writes each as a key with dots in it. */
  answers: Answers;
  /** The settings in it, without answers and secrets. */
  settings: Record<string, unknown>;
};

/** The path of a stack's file. A stack's name may be ORGANIZATION/PROJECT/STACK; the file has the last part. */
export function stackFilePath(stack: string): string {
  return join(projectFolder, `Pulumi.${stack.split("/").at(-1)}.yaml`);
}

/** Reads a stack file; one that does not exist is empty, as for Pulumi. */
export async function readStackFile(path: string): Promise<StackFile> {
  const document = await documentOf(path);
  const config = (Object(document.toJS()).config ?? {}) as Record<string, unknown>;
  const own = Object.entries(config).flatMap(([key, value]): [string, unknown][] =>
    key.startsWith(namespace) ? [[key.slice(namespace.length), value]] : [],
  );
  const answered = new Set<string>(questions.map((question) => question.path));
  return {
    path,
    answers: Object.fromEntries(own.filter(([key]) => answered.has(key)).map(([key, value]) => [key, String(value)])),
    settings: Object.fromEntries(own.filter(([key, value]) => !answered.has(key) && !isSecret(value))),
  };
}

/** Every stack file in a folder that has answers to `pulumi new`. */
export async function answeredStackFiles(folder: string): Promise<StackFile[]> {
  const names = (await readdir(folder)).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  const files = await Promise.all(names.map((name) => readStackFile(join(folder, name))));
  return files.filter(({ answers }) => Object.keys(answers).length > 0);
}

/**
 * Writes settings into a stack file, in the place of the answers. All else in it stays, above all `encryptionsalt`, which
 * exists nowhere else. Throws if the file has settings.
 */
export async function writeSettings({ path, settings }: StackFile, keys: Record<string, unknown>): Promise<void> {
  const [first] = Object.keys(settings);
  if (first !== undefined)
    throw new OperationError(
      `${basename(path)} has settings already, as ${namespace}${first}, and stays as it is; edit it, or begin another: pulumi stack init NAME`,
    );
  const document = await documentOf(path);
  for (const { path: answer } of questions) document.deleteIn(["config", `${namespace}${answer}`]);
  for (const [key, value] of Object.entries(keys))
    document.setIn(["config", `${namespace}${key}`], document.createNode(value));
  document.commentBefore ??= schemaComment;
  await replace(path, document.toString({ lineWidth: 0 }));
}

async function documentOf(path: string): Promise<Document<YAMLMap>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw new OperationError(`${path} cannot be read: ${error.message}`);
  });
  // Pulumi also reads YAML 1.1, where 1_000 is a number: `compat` puts such texts in quotes.
  const document = parseDocument<YAMLMap>(text, { compat: "yaml-1.1" });
  const [wrong] = document.errors;
  if (wrong) throw new OperationError(`${path} is no YAML: ${wrong.message}`);
  document.contents ??= document.createNode({}) as YAMLMap;
  if (!document.has("config")) document.set("config", document.createNode({}));
  // A map that was read as {} would be written on one line, with all that comes into it.
  for (const map of [document.contents, document.get("config")]) if (isMap(map)) map.flow = false;
  return document;
}

function isSecret(value: unknown): boolean {
  return Object.hasOwn(Object(value), "secure");
}

/** Replaces the file at once: a full disk or a kill leaves the old one, with its salt. */
async function replace(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  await writeFile(aside, text);
  await rename(aside, path);
}
