import { plannedCredentials } from "../../jenkins/planned-credentials.ts";
import { jenkinsCasc } from "../../render/jenkins-casc.ts";
import type { Jenkins } from "../../settings/jenkins.ts";
import { isMadeWithRegistry } from "../required-namespace.ts";
import type { ConsumerArgs, ConsumerOutputs } from "./consumer-args.ts";
import { hasMavenLogin } from "./credential-sources.ts";
import { JenkinsCredentials } from "./jenkins-credentials.ts";

/** Gives Jenkins its credentials, the way the stack chose. Hands out what Jenkins is to load where it fetches them itself. */
export async function jenkinsConsumer(jenkins: Jenkins, args: ConsumerArgs): Promise<ConsumerOutputs> {
  const { settings, secrets, cluster } = args;
  const planned = plannedCredentials({ ...settings, jenkins }, { hasMavenLogin: hasMavenLogin(secrets) });
  if (jenkins.via === "casc") return { jenkinsCasc: jenkinsCasc(planned) };
  if (jenkins.via === "rest") new JenkinsCredentials("jenkins", { ...args, jenkins, planned });
  else if (cluster && jenkins.namespace !== undefined) {
    const { JenkinsSecrets } = await import("./jenkins-secrets.ts");
    const madeHere = isMadeWithRegistry(jenkins.namespace, settings.variant);
    new JenkinsSecrets("jenkins", { ...args, cluster, namespace: jenkins.namespace, madeHere, planned });
  }
  return {};
}
