import { z } from "zod";
import { hasMavenLogin } from "../../components/consumers/credential-sources.ts";
import { JenkinsCredentials } from "../../components/consumers/jenkins-credentials.ts";
import { plannedCredentials } from "../../jenkins/planned-credentials.ts";
import * as settings from "../../settings/consumers/jenkins.ts";
import { ContainerRegistry } from "../../settings/container-registry.ts";
import { parseWithProblems } from "../../settings/errors/zod-problems.ts";
import { MavenRegistry } from "../../settings/maven-registry.ts";
import { TakeOverFrom } from "../../settings/owner.ts";
import { validateSecretsOfJenkins } from "../../settings/secrets/validate.ts";
import { validateJenkins } from "../../settings/validation/consumers.ts";
import type { PackageComponent } from "../component.ts";
import { withRules } from "../inputs/rules.ts";
import { inInputs } from "../inputs/ways-out.ts";
import { jenkinsProgram } from "../jenkins-program.ts";

const Inputs = z.strictObject({
  jenkins: settings.Jenkins.omit({ via: true, namespace: true }),
  containerRegistry: ContainerRegistry.pick({ account: true, credentialId: true })
    .prefault({})
    .describe("Whose credentials Jenkins gets, and the id that pipelines know them by"),
  mavenRegistry: MavenRegistry.optional(),
  takeOverFrom: TakeOverFrom,
});

type Inputs = z.output<typeof Inputs>;

const Checked = withRules(Inputs, (given) => validateJenkins(byRest(given), asSettings(given)));

export const jenkinsCredentials: PackageComponent<Inputs> = {
  name: "JenkinsCredentials",
  description:
    "Entries of a Jenkins server's credential store, with an account's user name and password, written over Jenkins' REST API",
  settings: Inputs,
  secrets: ["jenkinsToken", "jenkinsPassword", "mavenUsername", "mavenPassword"],
  hasEndpoint: true,
  outputs: { summary: z.string().describe("What the last run changed, as JSON") },
  check(given, secrets) {
    const { value: checked, problems } = parseWithProblems(Checked, given);
    if (checked === undefined) return { problems };
    const ofSecrets = validateSecretsOfJenkins(asSettings(checked), secrets, inInputs);
    return { checked, problems: [...problems, ...ofSecrets.map(({ name, message }) => ({ path: name, message }))] };
  },
  async create({ name, checked, secrets, endpoint, owner, parent }) {
    const { containerRegistry, mavenRegistry } = checked;
    const jenkins = byRest(checked);
    const asked = { jenkins, mavenRegistry, containerRegistry: { ...containerRegistry, host: "the registry" } };
    const planned = plannedCredentials(asked, { hasMavenLogin: hasMavenLogin(secrets) });
    const args = { jenkins, planned, settings: { containerRegistry }, secrets, endpoint, owner };
    return { summary: new JenkinsCredentials(name, { ...args, program: await jenkinsProgram() }, { parent }).summary };
  },
};

function byRest({ jenkins }: Inputs): settings.Jenkins {
  return { ...jenkins, via: "rest" };
}

/** What the stack file's rules of Jenkins know of a registry: one that has accounts. */
function asSettings(given: Inputs) {
  return { ...given, jenkins: byRest(given), variant: { kind: "host" as const } };
}
