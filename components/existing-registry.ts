import { readFileSync } from "node:fs";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Plan, planText, planVariable, type Summary } from "../existing/plan.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import { repositoryBelow } from "../settings/image-reference.ts";
import type { ExistingVariant } from "../settings/variant-existing.ts";
import { addressed, type RegistryEndpoint } from "./registry-endpoint.ts";

export interface ExistingRegistryArgs {
  variant: ExistingVariant;
  containerRegistry: ContainerRegistry;
  /** Who pushes there. Neither where pushes need no credentials. */
  username?: pulumi.Input<string>;
  password?: pulumi.Input<string>;
}

/**
 * A registry that somebody else runs. One command asks it whether it takes the stack's credentials, and none where nothing
 * changed; who gets them waits for its answer.
 */
export class ExistingRegistry extends pulumi.ComponentResource {
  /** What to trust, and who may push. */
  readonly endpoint: RegistryEndpoint;

  constructor(name: string, args: ExistingRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:existing:ExistingRegistry", name, {}, opts);
    const { variant, containerRegistry, username, password } = args;
    const ca = variant.tls.kind === "provided-ca" ? readFileSync(variant.tls.file, "utf8") : "";
    const login = pulumi
      .all([username, password])
      .apply(([username, password]) =>
        username !== undefined && password !== undefined ? { username, password } : undefined,
      );

    const check = new local.Command(
      `${name}-check`,
      {
        create: "node --import tsx existing/run.ts",
        environment: { [planVariable]: planText(checkPlan(variant, containerRegistry, ca)) },
        stdin: pulumi.secret(pulumi.jsonStringify({ login })),
        logging: local.Logging.Stderr,
        addPreviousOutputInEnv: false,
      },
      { parent: this },
    );
    pulumi.all([check.stdout, check.urn]).apply(([stdout, urn]) => this.warn(stdout, urn));

    this.endpoint = {
      ...addressed(containerRegistry.host, scheme(variant)),
      ca: pulumi.output(ca),
      // Not known before the registry took them: outputs must not show what it refuses.
      accounts: pulumi.secret(
        pulumi
          .all([login, check.stdout])
          .apply(([login]): Record<string, string> => (login ? { [login.username]: login.password } : {})),
      ),
      served: [check],
    };
    const { served: _, ...outputs } = this.endpoint;
    this.registerOutputs(outputs);
  }

  /** Again with each preview, until the registry was asked anew: the command runs once. */
  private warn(stdout: string, urn: string): void {
    const { warnings = [] } = JSON.parse(stdout) as Partial<Summary>;
    for (const warning of warnings)
      void pulumi.log.warn(`${warning}. Once that has changed, ask again: pulumi up --replace '${urn}'`, this);
  }
}

function checkPlan(variant: ExistingVariant, containerRegistry: ContainerRegistry, ca: string): Plan {
  const { host, requiresAuthForPush, requiresAuthForPull } = containerRegistry;
  return {
    url: `${scheme(variant)}://${host === "docker.io" ? dockerHub : host}`,
    repository: repositoryBelow(containerRegistry, variant.probeRepository),
    requiresAuthForPush,
    requiresAuthForPull,
    ...(ca !== "" && { ca }),
  };
}

/** Every client of Docker Hub's knows that its API is not where its images' names say. */
const dockerHub = "registry-1.docker.io";

function scheme({ tls }: ExistingVariant): "http" | "https" {
  return tls.kind === "none" ? "http" : "https";
}
