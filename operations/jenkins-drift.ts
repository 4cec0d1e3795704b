import { readFileSync } from "node:fs";
import { JenkinsClient } from "../jenkins/client.ts";
import type { Step } from "../jenkins/compare.ts";
import { JenkinsError } from "../jenkins/jenkins-error.ts";
import { filled, plannedCredentials, type Sources } from "../jenkins/planned-credentials.ts";
import { carryOut, examine } from "../jenkins/reconcile.ts";
import { CredentialStore } from "../jenkins/store.ts";
import type { Jenkins } from "../settings/consumers/jenkins.ts";
import { ciLogin } from "./ci-login.ts";
import { liveOwner } from "./live-owner.ts";
import type { LiveStack, StackOutputs } from "./live-stack.ts";
import { OperationError } from "./operation-error.ts";

export type JenkinsDrift = {
  /**
   * One step for each credential: create, update or remove, or `keep` where Jenkins already has what the stack wants.
   */
  steps: Step[];
  /** Carries out the given steps in Jenkins. */
  mend(steps: readonly Step[]): Promise<void>;
};

/**
 * Compares the credentials in Jenkins with the stack file and its last `up`. Jenkins never shows a secret, so a
 * changed password is not found. Changes nothing.
 */
export async function jenkinsDrift(stack: LiveStack, outputs: StackOutputs): Promise<JenkinsDrift> {
  const { jenkins } = stack.settings;
  if (jenkins === undefined) throw new OperationError(`stack ${stack.name} has no jenkins in its stack file`);
  if (jenkins.via !== "rest")
    throw new OperationError(
      `stack ${stack.name} has jenkins.via: ${jenkins.via}; only via: rest writes to Jenkins itself`,
    );

  const store = new CredentialStore(new JenkinsClient(login(jenkins, stack)));
  const { mavenUsername, mavenPassword } = stack.secrets;
  const hasMavenLogin = mavenUsername !== undefined && mavenPassword !== undefined;
  const planned = plannedCredentials({ ...stack.settings, jenkins }, { hasMavenLogin });
  const wanted = filled(planned, sources(stack, outputs));
  const owner = await liveOwner(stack);
  return {
    steps: await said(examine(store, { wanted, owner, adopt: jenkins.adopt })),
    mend: (steps) => said(carryOut(store, steps, owner)),
  };
}

function login({ url, user, caFile }: Jenkins, { secrets }: LiveStack) {
  const { jenkinsToken, jenkinsPassword } = secrets;
  const ca = caFile === undefined ? undefined : readFileSync(caFile, "utf8");
  const kind = jenkinsToken === undefined ? ("password" as const) : ("token" as const);
  return { url, user, kind, secret: jenkinsToken ?? jenkinsPassword ?? "", ca };
}

function sources({ settings, secrets }: LiveStack, outputs: StackOutputs): Sources {
  const container = ciLogin(settings, outputs);
  const { mavenUsername, mavenPassword } = secrets;
  return {
    host: outputs.registryHost,
    ...(container && { container }),
    ...(mavenUsername !== undefined &&
      mavenPassword !== undefined && { maven: { username: mavenUsername, password: mavenPassword } }),
  };
}

async function said<T>(running: Promise<T>): Promise<T> {
  return running.catch((error: unknown) => {
    throw error instanceof JenkinsError ? new OperationError(error.message) : error;
  });
}
