import { defineCommand } from "citty";
import { KubernetesName, Namespace } from "../../settings/formats/kubernetes-name.ts";
import { commonArgs } from "../common-args.ts";
import { type LiveStack, liveStack, type StackOutputs, stackOutputs } from "../live-stack.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import { print } from "../print.ts";
import { dockerLines } from "./credentials/docker.ts";
import { fluxLines } from "./credentials/flux.ts";
import { githubLines } from "./credentials/github.ts";
import { kubectlLines } from "./credentials/kubectl.ts";
import { hiddenPassword, type RegistryLogin } from "./credentials/login.ts";

const consumers = { docker: dockerLines, github: githubLines, kubectl: kubectlLines, flux: fluxLines } as const;
type Consumer = keyof typeof consumers;

/** `registry credentials`: prints the shell lines that log a client in to the registry. */
export const credentials = defineCommand({
  meta: {
    name: "credentials",
    description: "Print what to paste to log docker, GitHub Actions, pods or Flux in",
    details: [
      "Shell lines, to be read, pasted, or piped into sh. The password is in none of them without --show-secrets,",
      "and never in a process list once they run. Comments tell what else there is to do.",
    ],
    examples: [
      "credentials --for docker --account ci",
      "credentials --for docker --account ci --show-secrets | sh",
      "credentials --for github --account ci --show-secrets   # secrets of a repository, and a workflow's step",
      "credentials --for kubectl --account dana --namespace shop --show-secrets | sh",
    ],
  },
  args: {
    for: { type: "enum", options: Object.keys(consumers), required: true, description: "Who is to log in" },
    account: {
      type: "string",
      valueHint: "NAME",
      description: "As whom. containerRegistry.account, or a registry's only one, unless given",
    },
    namespace: { type: "string", valueHint: "NAME", description: "Where a Secret goes: default, or Flux' own" },
    name: {
      type: "string",
      valueHint: "NAME",
      description: "What a Secret is called: registry, or what a stack's Flux objects name",
    },
    "show-secrets": { type: "boolean", description: "Print the password too" },
    ...commonArgs,
  },
  run: async ({ args }) => {
    for (const [name, rule] of [[args.namespace, Namespace] as const, [args.name, KubernetesName] as const])
      if (name !== undefined && !rule.safeParse(name).success)
        throw new UsageError(`no Kubernetes name: ${JSON.stringify(name)}`);
    const stack = await liveStack(args);
    const outputs = await stackOutputs(stack);
    const { username, password } = accountOf(stack, outputs, args.account);
    const login: RegistryLogin = {
      host: outputs.registryHost,
      pathPrefix: stack.settings.containerRegistry.pathPrefix,
      username,
      password: args["show-secrets"] ? password : hiddenPassword,
      ca: outputs.registryCa,
      plain: outputs.registryUrl.startsWith("http:"),
      namespace: args.namespace ?? (args.for === "flux" ? stack.settings.flux?.namespace : undefined),
      name: args.name,
      fluxApiVersion: stack.settings.flux?.apiVersion ?? "image.toolkit.fluxcd.io/v1beta2",
    };
    const lines = [...lastDay(stack, username), ...consumers[args.for as Consumer](login)];
    const text = lines.join("\n");
    const { host, ca } = login;
    const shown = args["show-secrets"] ? { password } : {};
    print(args, { for: args.for, host, username, ...shown, ca, text }, text);
  },
});

function accountOf({ name, settings }: LiveStack, { accounts }: StackOutputs, given: string | undefined) {
  const names = Object.keys(accounts);
  const username = given ?? settings.containerRegistry.account ?? (names.length === 1 ? names[0] : undefined);
  if (names.length === 0) throw new OperationError(`stack ${name} has no accounts: its registry asks for none`);
  if (username === undefined) throw new UsageError(`--account is missing: one of ${names.join(", ")}`);
  const password = Object.hasOwn(accounts, username) ? accounts[username] : undefined;
  if (password === undefined)
    throw new OperationError(`stack ${name} has no account ${username}; there are ${names.join(", ")}`);
  return { username, password };
}

function lastDay({ settings }: LiveStack, username: string): string[] {
  const { expires } = settings.accounts.find(({ name }) => name === username) ?? {};
  return expires === undefined ? [] : [`# ${username}'s last day is ${expires}, UTC.`];
}
