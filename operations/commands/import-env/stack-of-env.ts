import { type EnvLine, type EnvProblem, parseEnvFile } from "../../../render/env-file-parse.ts";
import { checkSettings } from "../../../settings/check-settings.ts";
import { type Problem, problemLine } from "../../../settings/errors/problems.ts";
import { isSecretName, type SecretName } from "../../../settings/secrets/secrets.ts";
import { exitCodes } from "../../exit-codes.ts";
import { OperationError } from "../../operation-error.ts";
import { baseImagesOf, namesBaseImage } from "./base-images.ts";
import { stackFields, unknownVariable, variableAt } from "./variables.ts";
import { type VariantKind, variantKeys } from "./variants.ts";

export type ImportOptions = {
  /** The variant to write: a `.env` file does not say who runs the registry. */
  variant: VariantKind;
  /** Namespace of the pipelines' ConfigMap. @default none: there is no ConfigMap */
  namespace?: string | undefined;
  /** Ignores variables that do not concern a registry. @default false: each is an error */
  ignoreOthers?: boolean | undefined;
};

export type ImportedStack = {
  /** The settings of the stack file, by key without the `container-registry:` namespace. */
  keys: Record<string, unknown>;
  /** The secrets that the user still has to set, by `pulumi config set --secret`. */
  secrets: SecretName[];
};

/**
 * Turns the text of a `.env` file into settings, and checks them as `pulumi up` would. Throws one error that lists
 * every problem by its line in the file.
 */
export function stackOfEnv(file: string, text: string, options: ImportOptions): ImportedStack {
  const { lines, problems } = parseEnvFile(text);
  const all = [...problems, ...lines.flatMap((line) => strayProblem(line, options)), ...lines.flatMap(booleanProblem)];
  const groups = groupsOf(lines);
  const { containerRegistry: { host } = {} } = groups;
  const missing = missingHosts(groups);
  const { images, problems: imageProblems } = baseImagesOf(
    lines.filter(({ name }) => namesBaseImage(name)),
    { host: String(host), pathPrefix: String(groups.containerRegistry?.pathPrefix ?? "") },
  );
  if (host !== undefined) all.push(...imageProblems);

  const { namespace } = options;
  const pipelineConfig = { ...(namespace !== undefined && { namespace }), ...(images && { baseImages: images }) };
  const keys = {
    ...variantKeys(options.variant, groups),
    ...(Object.keys(pipelineConfig).length > 0 && { pipelineConfig }),
  };
  const found = host === undefined ? [] : checkSettings(keys, {}).problems;
  const secrets = found.map(({ path }) => path).filter(isSecretName);
  for (const problem of found.filter(({ path }) => !isSecretName(path))) addProblem(problem, lines, all, missing);
  if (all.length + missing.length > 0) throw envFileError(file, all, missing);
  return { keys, secrets };
}

type Groups = { containerRegistry?: Record<string, unknown>; mavenRegistry?: Record<string, unknown> };

function groupsOf(lines: readonly EnvLine[]): Groups {
  const groups: Groups = {};
  for (const line of lines) {
    const stackField = stackFields[line.name];
    if (stackField === undefined || booleanProblem(line).length > 0) continue;
    const [key, field] = stackField;
    groups[key] = { ...groups[key], [field]: isBoolean(field) ? line.value === "true" : line.value };
  }
  return groups;
}

function isBoolean(field: string): boolean {
  return field.startsWith("requires");
}

function booleanProblem({ line, name, value }: EnvLine): EnvProblem[] {
  const isNone = isBoolean(stackFields[name]?.[1] ?? "") && value !== "true" && value !== "false";
  return isNone ? [{ line, message: `${name} is neither true nor false` }] : [];
}

function strayProblem({ line, name }: EnvLine, { ignoreOthers }: ImportOptions): EnvProblem[] {
  if (stackFields[name] || namesBaseImage(name)) return [];
  if (ignoreOthers && !/^(DOCKER|CONTAINER|MAVEN)_REGISTRY_/.test(name)) return [];
  return [{ line, message: `${name} ${unknownVariable(name)}` }];
}

function missingHosts({ containerRegistry, mavenRegistry }: Groups): string[] {
  const missing = containerRegistry?.host === undefined ? ["CONTAINER_REGISTRY_HOST is missing"] : [];
  if (mavenRegistry && mavenRegistry.host === undefined)
    missing.push("MAVEN_REGISTRY_HOST is missing: there are others of MAVEN_REGISTRY_*");
  return missing;
}

/**
 * Adds a problem of the settings to `all` with its line and variable of the `.env` file, or to `missing` if no line
 * sets it.
 */
function addProblem(problem: Problem, lines: readonly EnvLine[], all: EnvProblem[], missing: string[]): void {
  const name = variableAt(problem.path);
  const line = lines.find((each) => each.name === name)?.line;
  // `missing` already reports a variable that the file lacks, such as MAVEN_REGISTRY_HOST.
  if (name !== undefined && line === undefined && missing.some((each) => each.startsWith(name))) return;
  if (name !== undefined && line !== undefined) all.push({ line, message: problemLine({ ...problem, path: name }) });
  else missing.push(problemLine(problem));
}

function envFileError(file: string, problems: readonly EnvProblem[], missing: readonly string[]): OperationError {
  const sorted = [...problems].sort((a, b) => a.line - b.line);
  const lines = [...sorted.map(({ line, message }) => `line ${line}: ${message}`), ...missing];
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  return new OperationError([`${file}: ${count}`, ...lines].join("\n  "), exitCodes.usage);
}
