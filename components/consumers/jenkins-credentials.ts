import { readFileSync } from "node:fs";
import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { type Plan, planText, planVariable } from "../../jenkins/plan.ts";
import { type PlannedCredential, sourcesOf } from "../../jenkins/planned-credentials.ts";
import type { Jenkins } from "../../settings/consumers/jenkins.ts";
import type { Owner } from "../../settings/owner.ts";
import type { Secrets } from "../../settings/secrets/secrets.ts";
import type { RegistryEndpoint } from "../registry-endpoint.ts";
import { credentialSources, type RegistryAccount } from "./credential-sources.ts";

export interface JenkinsCredentialsArgs {
  jenkins: Jenkins;
  /** The entries that Jenkins' store is to have. */
  planned: PlannedCredential[];
  settings: RegistryAccount;
  secrets: Secrets;
  /** The registry that the credentials are for. */
  endpoint: RegistryEndpoint;
  /** The stack that owns the entries. */
  owner: pulumi.Input<Owner>;
  /** The program that writes the entries, for a project without this one's sources. @default jenkins/run.ts */
  program?: SentJenkinsProgram;
}

/** A program as its command carries it, so that the entries can be removed from any machine. */
export type SentJenkinsProgram = {
  /** The module `jenkins/run-command.ts` with all that it imports: gzip, in base64. */
  text: string;
  /** Part of the command's text, so that a preview shows when the program changes. */
  version: string;
};

/**
 * Entries of Jenkins' credential store, written over its REST API by one command. It runs only when an input changes.
 */
export class JenkinsCredentials extends pulumi.ComponentResource {
  /** What the last run changed, as JSON. */
  readonly summary: pulumi.Output<string>;

  constructor(name: string, args: JenkinsCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("container-registry:consumers:JenkinsCredentials", name, {}, opts);
    const { jenkins, secrets, endpoint, owner, program } = args;
    const plan = jenkinsPlan(args);

    const apply = new local.Command(
      `${name}-apply`,
      {
        create: runText("apply", program),
        delete: runText("remove", program),
        environment: { [planVariable]: planText(plan) },
        stdin: pulumi.secret(
          pulumi.jsonStringify({
            ...(program && { program: program.text }),
            owner,
            login: secrets.jenkinsToken ?? secrets.jenkinsPassword,
            ...credentialSources(sourcesOf(plan.credentials), args),
          }),
        ),
        // With another URL, the entries are deleted from the old Jenkins first.
        triggers: [jenkins.url],
        logging: local.Logging.Stderr,
      },
      // The command runs after the registry is ready, so that Jenkins never has a password that the registry does not
      // know yet.
      { parent: this, deleteBeforeReplace: true, dependsOn: endpoint.served },
    );

    this.summary = apply.stdout;
    this.registerOutputs({ summary: this.summary });
  }
}

function runText(action: "apply" | "remove", program: SentJenkinsProgram | undefined): string {
  if (program === undefined) return `node --import tsx jenkins/run.ts ${action}`;
  const unpacked = "require('node:zlib').gunzipSync(Buffer.from(input.program, 'base64')).toString('base64')";
  const load = `import('data:text/javascript;base64,' + ${unpacked})`;
  const run = `async (input) => (await ${load}).runCommand('${action}', input)`;
  return `node -e "require('node:stream/consumers').json(process.stdin).then(${run})" # ${program.version}`;
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
