import { shellWord } from "../../hosts/shell.ts";
import type { Connection } from "../../settings/connection.ts";
import type { LiveStack } from "../live-stack.ts";

type Stack = Pick<LiveStack, "options" | "settings" | "kubernetes">;

/** Commands of findings, to be pasted as they are. */
export type Mends = {
  /** The options that select the stack, as `registry` and `pulumi` take them. */
  options: string;
  up: string;
  /** Applies hosts and nodes anew, as the last `up` had them. */
  fix: string;
  /** Makes deleted objects of a cluster again. */
  refresh: string;
  /** Brings rights and passwords of the registry back to what the stack wants. */
  rights: string;
  /** Makes the stack and the registry have the same passwords. */
  passwords: string;
  restartRegistry: string;
  /** Has the certificate renewed, or says how that is done. */
  renew: string;
};

export function mendsOf(stack: Stack): Mends {
  const options = stack.options.map(shellWord).join(" ");
  const fix = `npm run -s registry -- doctor --fix ${options}`;
  const refresh = `pulumi up --refresh ${options}`;
  const up = `pulumi up ${options}`;
  const own = ofVariant(stack, refresh);
  const passwords =
    stack.settings.variant.kind === "existing"
      ? `pulumi config set --secret registryPassword ${options} && ${up}`
      : own.rights;
  return { options, up, fix, refresh, passwords, renew: renewal(stack, options), ...own };
}

function renewal({ settings: { variant } }: Stack, options: string): string {
  if (variant.kind === "existing") return "ask who runs the registry to renew it";
  if (variant.kind === "hybrid" || variant.tls.kind === "private-ca") return `pulumi up ${options}`;
  // It renews what the proxy has by ACME, and says who renews what others issue.
  return `npm run -s registry -- renew ${options}`;
}

/** Restarts a container that may hang. Compose would give one that runs minutes for its uploads to end. */
const restart = "docker restart -t 5";

function ofVariant({ settings: { variant }, kubernetes }: Stack, refresh: string) {
  switch (variant.kind) {
    case "host":
      return {
        rights: onMachine(variant.connection, `${restart} container-registry-proxy-1`),
        restartRegistry: onMachine(variant.connection, `${restart} container-registry-registry-1`),
      };
    case "hybrid":
      return { rights: refresh, restartRegistry: `${restart} ${variant.containerName}-storage` };
    case "cluster": {
      const context = kubernetes.context === undefined ? "" : `--context ${shellWord(kubernetes.context)} `;
      return {
        rights: refresh,
        restartRegistry: `kubectl ${context}--namespace ${variant.namespace} rollout restart deployment/registry`,
      };
    }
    case "existing": {
      const ask = "correct the stack file, or ask who runs the registry to correct it there";
      return { rights: ask, restartRegistry: "ask who runs the registry why it does not serve" };
    }
  }
}

/** A command line that runs a command as root on a machine of the stack. */
export function onMachine(connection: Connection, command: string): string {
  switch (connection.kind) {
    case "ssh": {
      const { address, port, user, jump } = connection;
      const words = [
        ...(port === 22 ? [] : ["-p", String(port)]),
        ...(jump ? ["-J", `${jump.user}@${jump.address}:${jump.port}`] : []),
        `${user}@${address}`,
      ];
      return ["ssh", ...words, shellWord(user === "root" ? command : `sudo ${command}`)].join(" ");
    }
    case "docker-container":
      return `docker exec ${connection.name} ${command}`;
    case "local":
      return `sudo ${command}`;
  }
}
