import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { ProgramError } from "../../settings/errors/program-error.ts";

export type KubeconfigChoice = {
  /** Text or path of a kubeconfig. @default KUBECONFIG, else ~/.kube/config */
  kubeconfig?: string;
  /** A context of the kubeconfig. @default its current context */
  context?: string;
  /** The end of an error's sentence: how to name another context. @default by Pulumi's configuration */
  nameContext?: string;
};

export type PinnedKubeconfig = {
  context: string;
  /** A kubeconfig that contains only this context, its cluster's address and CA, and its user. Holds credentials. */
  text: string;
};

/**
 * Copies one context with everything that it refers to, as `kubectl config view --minify --flatten --raw` prints it.
 * The copy always leads to the same cluster, even if the context is changed later. A cluster at the same address with
 * another CA is rejected.
 */
export function pinnedKubeconfig(choice: KubeconfigChoice): PinnedKubeconfig {
  const { sources, name } = kubeconfigs(choice.kubeconfig);
  const { nameContext = setContext } = choice;
  const context = choice.context || sources.map(({ config }) => config["current-context"]).find(Boolean);
  if (!context) throw new ProgramError(`${name} has no current context; name one: ${nameContext}`);

  const chosen = entry(sources, "contexts", context);
  if (!chosen) {
    const known = sources.flatMap(({ config }) => (config.contexts ?? []).map((each) => each.name)).join(", ");
    throw new ProgramError(
      `${name} has no context ${context}, only: ${known || "none"}; name one of them: ${nameContext}`,
    );
  }
  const { cluster, user } = chosen.value.context ?? {};
  const reached = entry(sources, "clusters", cluster);
  const server = reached?.value.cluster?.server;
  if (!reached || !server) throw new ProgramError(`${name}: context ${context} names no cluster with a server`);
  const account = entry(sources, "users", user);

  const text = stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    contexts: [chosen.value],
    clusters: [{ ...reached.value, cluster: withFiles(reached.value.cluster ?? {}, reached.folder) }],
    users: account
      ? [{ ...account.value, user: withPaths(withFiles(account.value.user ?? {}, account.folder), account.folder) }]
      : [],
  });
  return { context, text };
}

const setContext = "pulumi config set kubernetes:context NAME";

type Fields = Record<string, unknown>;
type Kubeconfig = {
  "current-context"?: string;
  contexts?: { name: string; context?: { cluster?: string; user?: string } }[];
  clusters?: { name: string; cluster?: Fields }[];
  users?: { name: string; user?: Fields }[];
};
/** A parsed kubeconfig and the folder of its file, to which paths in the kubeconfig are relative. */
type Source = { config: Kubeconfig; folder: string };

function kubeconfigs(given: string | undefined): { sources: Source[]; name: string } {
  if (given) return namedOrText(given);
  const paths = (process.env.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  const wanted = paths.length > 0 ? paths : [join(homedir(), ".kube/config")];
  const name = `kubeconfig ${wanted.join(delimiter)}`;
  const sources = wanted.filter((path) => existsSync(path)).map(fromFile);
  if (sources.length === 0)
    throw new ProgramError(`${name} is not there; name another: pulumi config set kubernetes:kubeconfig PATH`);
  return { sources, name };
}

function namedOrText(given: string): { sources: Source[]; name: string } {
  const path = given.replace(/^~(?=$|\/)/, homedir());
  if (existsSync(path)) return { sources: [fromFile(path)], name: `kubeconfig ${path}` };
  const name = "the stack's kubernetes:kubeconfig";
  return { sources: [{ config: parsed(given, name), folder: process.cwd() }], name };
}

function fromFile(path: string): Source {
  return { config: parsed(readFileSync(path, "utf8"), `kubeconfig ${path}`), folder: dirname(resolve(path)) };
}

/** Parses a kubeconfig. Errors never quote its text, which may hold credentials. */
function parsed(text: string, name: string): Kubeconfig {
  let config: unknown;
  try {
    config = parse(text);
  } catch {
    throw new ProgramError(`${name} is no YAML`);
  }
  if (typeof config !== "object" || config === null)
    throw new ProgramError(`${name} is neither the path of a kubeconfig on this machine nor the text of one`);
  return config;
}

/** Finds an entry by its name. If several kubeconfigs have it, the first one wins, as with kubectl. */
function entry<Key extends "contexts" | "clusters" | "users">(sources: Source[], key: Key, name: string | undefined) {
  type Entry = NonNullable<Kubeconfig[Key]>[number];
  const found = sources.flatMap(({ config, folder }) =>
    ((config[key] ?? []) as Entry[]).map((value) => ({ value, folder })),
  );
  return found.find(({ value }) => value.name === name);
}

/** Replaces paths of certificates and keys by the files' contents, so that every machine gets the same kubeconfig. */
function withFiles(fields: Fields, folder: string): Fields {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => {
      if (!inlined.includes(key) || typeof value !== "string") return [[key, value]];
      // If the kubeconfig has both the path and the data, the data wins, as with kubectl.
      return fields[`${key}-data`] ? [] : [[`${key}-data`, base64(resolve(folder, value), key)]];
    }),
  );
}

const inlined = ["certificate-authority", "client-certificate", "client-key"];

function base64(path: string, key: string): string {
  try {
    return readFileSync(path).toString("base64");
  } catch {
    throw new ProgramError(`the kubeconfig's ${key} ${path} cannot be read on this machine`);
  }
}

/**
 * Makes the paths of the token file and of the exec plugin absolute. They are not replaced by contents, because each
 * client reads the token file anew and runs the plugin itself.
 */
function withPaths(user: Fields, folder: string): Fields {
  const { tokenFile, exec } = user as { tokenFile?: string; exec?: { command?: string } };
  const command = exec?.command;
  const relative = command?.includes("/") && !isAbsolute(command);
  return {
    ...user,
    ...(tokenFile && { tokenFile: resolve(folder, tokenFile) }),
    ...(command && relative && { exec: { ...exec, command: resolve(folder, command) } }),
  };
}
