import { readFileSync } from "node:fs";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Plan, planText, planVariable } from "../../jenkins/plan.ts";
import { type PlannedCredential, sourcesOf } from "../../jenkins/planned-credentials.ts";
import type { Jenkins } from "../../settings/jenkins.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Secrets } from "../../settings/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { credentialSources } from "./credential-sources.ts";

export interface JenkinsCredentialsArgs {
  jenkins: Jenkins;
  /** What is to be there. */
  planned: PlannedCredential[];
  settings: Settings;
  secrets: Secrets;
  /** Whose credentials they are; every variant ends in one. */
  endpoint: RegistryEndpoint;
  /** Who the entries are marked with. */
  owner: pulumi.Input<Owner>;
}

/** Entries of Jenkins' credential store, over its REST API: one command, and none where nothing changed. */
export class JenkinsCredentials extends pulumi.ComponentResource {
  /** What the last run changed, as JSON. */
  readonly summary: pulumi.Output<string>;

  constructor(name: string, args: JenkinsCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:consumers:JenkinsCredentials", name, {}, opts);
    const { jenkins, secrets, endpoint, owner } = args;
    const plan = jenkinsPlan(args);

    const apply = new local.Command(
      `${name}-apply`,
      {
        create: "node --import tsx jenkins/run.ts apply",
        delete: "node --import tsx jenkins/run.ts remove",
        environment: { [planVariable]: planText(plan) },
        stdin: pulumi.secret(
          pulumi.jsonStringify({
            owner,
            login: secrets.jenkinsToken ?? secrets.jenkinsPassword,
            ...credentialSources(sourcesOf(plan.credentials), args),
          }),
        ),
        // Another Jenkins gets its own; the one before must not keep them.
        triggers: [jenkins.url],
        logging: local.Logging.Stderr,
      },
      // The registry knows a password before Jenkins does.
      { parent: this, deleteBeforeReplace: true, dependsOn: endpoint.served },
    );

    this.summary = apply.stdout;
    this.registerOutputs({ summary: this.summary });
  }
}

function jenkinsPlan({ jenkins, planned, secrets }: JenkinsCredentialsArgs): Plan {
  const { url, user, adopt, caFile } = jenkins;
  return {
    url,
    user,
    login: secrets.jenkinsToken ? "token" : "password",
    stack: `${pulumi.getProject()}/${pulumi.getStack()}`,
    adopt,
    credentials: planned,
    ca: caFile === undefined ? undefined : readFileSync(caFile, "utf8"),
  };
}
