import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { notSupported } from "../../plugin/provider.ts";

/** Address and credentials of one cluster. */
export type Access = {
  /** As in `https://127.0.0.1:6443`. */
  server: string;
  /** PEM. @default the system's CAs */
  ca?: string;
  skipVerify: boolean;
  /** The name in its certificate, if it differs from the URL's host. */
  serverName?: string;
  token?: string;
  clientCertificate?: string;
  clientKey?: string;
  /** The context's namespace. */
  namespace: string;
};

export type KubeconfigChoice = {
  /** The kubeconfig's text or its path. @default $KUBECONFIG, else ~/.kube/config */
  kubeconfig?: string;
  context?: string;
  cluster?: string;
};

/** Address and credentials from a kubeconfig. */
export async function accessFrom(choice: KubeconfigChoice): Promise<Access> {
  // Imported by the first resource, so that the plugin starts faster.
  const { parse } = await import("yaml");
  const { text, folder } = kubeconfigText(choice.kubeconfig);
  const config = (parse(text) ?? {}) as Kubeconfig;
  if (typeof config !== "object") throw new Error("the kubeconfig is neither an existing file nor YAML");

  const contextName = choice.context || config["current-context"] || "";
  const context = named(config.contexts, "context", contextName).context ?? {};
  const { cluster = {} } = named(config.clusters, "cluster", choice.cluster || context.cluster || "");
  const { user = {} } = context.user ? named(config.users, "user", context.user) : {};
  if (user.exec || user["auth-provider"]) throw notSupported("kubernetes", `user ${context.user} of a plugin`);
  if (!cluster.server) throw new Error(`context "${contextName}" names no server`);

  const pem = (data: string | undefined, path: string | undefined) =>
    data ? Buffer.from(data, "base64").toString() : path && readFileSync(resolve(folder, path), "utf8");
  return {
    server: cluster.server,
    ca: pem(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    skipVerify: cluster["insecure-skip-tls-verify"] ?? false,
    serverName: cluster["tls-server-name"],
    token: user.token ?? (user.tokenFile && readFileSync(resolve(folder, user.tokenFile), "utf8").trim()),
    clientCertificate: pem(user["client-certificate-data"], user["client-certificate"]),
    clientKey: pem(user["client-key-data"], user["client-key"]),
    namespace: context.namespace ?? "default",
  };
}

type Cluster = {
  server?: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
};
type User = {
  token?: string;
  tokenFile?: string;
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  exec?: unknown;
  "auth-provider"?: unknown;
};
type Context = { cluster?: string; user?: string; namespace?: string };
type Kubeconfig = {
  "current-context"?: string;
  contexts?: { name: string; context?: Context }[];
  clusters?: { name: string; cluster?: Cluster }[];
  users?: { name: string; user?: User }[];
};

function kubeconfigText(given: string | undefined): { text: string; folder: string } {
  const chosen = given || process.env.KUBECONFIG || join(homedir(), ".kube/config");
  const path = chosen.replace(/^~(?=$|\/)/, homedir());
  if (path.length < 4096 && existsSync(path)) return { text: readFileSync(path, "utf8"), folder: dirname(path) };
  if (!given) throw new Error(`no kubeconfig at ${path}`);
  return { text: given, folder: process.cwd() };
}

function named<Entry extends { name: string }>(entries: Entry[] | undefined, what: string, name: string): Entry {
  const found = entries?.find((entry) => entry.name === name);
  if (!found) throw new Error(`${what} "${name}" does not exist`);
  return found;
}
