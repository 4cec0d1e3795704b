import { plannedCredentials } from "../../jenkins/planned-credentials.ts";
import { jenkinsCasc } from "../../render/jenkins-casc.ts";
import type { Jenkins } from "../../settings/consumers/jenkins.ts";
import type { Secrets } from "../../settings/secrets/secrets.ts";
import type { Settings } from "../../settings/settings.ts";
import type { LazyCluster } from "../lazy-cluster.ts";
import { isCreatedWithRegistry } from "../required-namespace.ts";
import type { ConsumerArgs, ConsumerOutputs } from "./consumer-args.ts";
import { hasMavenLogin } from "./credential-sources.ts";
import { JenkinsCredentials } from "./jenkins-credentials.ts";

/**
 * Writes Jenkins' credentials in the way that `jenkins.via` says, or returns the configuration that Jenkins loads them
 * with.
 */
export type CreateJenkins = (args: ConsumerArgs) => ConsumerOutputs;

/** Loads the code for `jenkins.via`, and gets the cluster if Jenkins reads its credentials from Secrets. */
export async function prepareJenkins(
  jenkins: Jenkins,
  settings: Settings,
  cluster: LazyCluster,
): Promise<CreateJenkins> {
  const planned = (secrets: Secrets) =>
    plannedCredentials({ ...settings, jenkins }, { hasMavenLogin: hasMavenLogin(secrets) });
  switch (jenkins.via) {
    case "casc":
      return ({ secrets }) => ({ jenkinsCasc: jenkinsCasc(planned(secrets)) });
    case "rest":
      return (args) => {
        new JenkinsCredentials("jenkins", { ...args, settings, jenkins, planned: planned(args.secrets) });
        return {};
      };
    case "kubernetes": {
      const { namespace } = jenkins;
      if (namespace === undefined)
        throw new Error("settings/validation/consumers.ts accepted via: kubernetes without a namespace");
      const { JenkinsSecrets } = await import("./jenkins-secrets.ts");
      const createdHere = isCreatedWithRegistry(namespace, settings.variant);
      const where = { settings, namespace, createdHere, cluster: cluster.get() };
      return (args) => {
        new JenkinsSecrets("jenkins", { ...args, ...where, planned: planned(args.secrets) });
        return {};
      };
    }
  }
}
