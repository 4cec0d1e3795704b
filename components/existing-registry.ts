import { readFileSync } from "node:fs";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { apiUrl } from "../existing/api-url.ts";
import { type Plan, planText, planVariable, type Summary } from "../existing/plan.ts";
import type { ContainerRegistry } from "../settings/container-registry.ts";
import { repositoryBelow } from "../settings/formats/image-reference.ts";
import type { ExistingVariant } from "../settings/variants/existing.ts";
import { policyInputs } from "./policy-inputs.ts";
import { addressed, type RegistryEndpoint } from "./registry-endpoint.ts";

export interface ExistingRegistryArgs {
  variant: ExistingVariant;
  containerRegistry: ContainerRegistry;
  /** The credentials of a user that may push. Both are undefined where pushes need none. */
  username?: pulumi.Input<string>;
  password?: pulumi.Input<string>;
}

/**
 * A registry that somebody else runs. A command checks whether the registry accepts the stack's credentials; it runs
 * again only when an input changes. Consumers get the credentials after the check has passed.
 */
export class ExistingRegistry extends pulumi.ComponentResource {
  /** Where the registry is, what to trust, and the accounts. */
  readonly endpoint: RegistryEndpoint;

  constructor(name: string, args: ExistingRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:existing:ExistingRegistry", name, policyInputs(args), opts);
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
      // The accounts wait for the check, so that no output shows credentials that the registry rejects.
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

  /** Repeats the stored warnings in every preview, since the command itself runs only when its inputs change. */
  private warn(stdout: string, urn: string): void {
    const { warnings = [] } = JSON.parse(stdout) as Partial<Summary>;
    for (const warning of warnings)
      void pulumi.log.warn(
        `${warning}. Once you have corrected that, run the check again: pulumi up --replace '${urn}'`,
        this,
      );
  }
}

function checkPlan(variant: ExistingVariant, containerRegistry: ContainerRegistry, ca: string): Plan {
  const { host, requiresAuthForPush, requiresAuthForPull } = containerRegistry;
  return {
    url: apiUrl(`${scheme(variant)}://${host}`),
    repository: repositoryBelow(containerRegistry, variant.probeRepository),
    requiresAuthForPush,
    requiresAuthForPull,
    ...(ca !== "" && { ca }),
  };
}

function scheme({ tls }: ExistingVariant): "http" | "https" {
  return tls.kind === "none" ? "http" : "https";
}
