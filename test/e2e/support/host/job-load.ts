import { authFile } from "../../../../lab/clients/auth-file.ts";
import { secretInput } from "../../../../lab/clients/outcome.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import type { LabJenkins } from "../../../../lab/jenkins/start-jenkins.ts";

export type JobLoad = {
  client: Machine;
  jenkins: LabJenkins;
  /** `HOST/PATH`. Each push uses a tag of its own below this path. */
  prefix: string;
  /** The smallest and the largest number of pushes. */
  pushes: { least: number; most: number };
};

export type JobLoadResult = {
  /** The number of pushes that succeeded. `failures` has the output of each job that failed. */
  pushed: number;
  failures: string[];
  /** All passwords that Jenkins gave to the jobs. */
  bound: Set<string>;
};

const pushesPerJob = 5;

/**
 * Starts CI jobs that push images, three jobs at a time. Each job uses until its end the credential that Jenkins has when the job
 * starts. No more jobs start after `stop` was called and `least` pushes have begun.
 */
export function startJobs({ client, jenkins, prefix, pushes }: JobLoad): { stop(): Promise<JobLoadResult> } {
  const result: JobLoadResult = { pushed: 0, failures: [], bound: new Set() };
  let stopped = false;
  let started = 0;
  const lane = async () => {
    while (started < pushes.most && (!stopped || started < pushes.least)) {
      const job = started;
      started += pushesPerJob;
      const { username, password } = bound(jenkins);
      result.bound.add(password);
      const { stdout, output } = await client.attempt(pushScript, {
        args: [`${prefix}/job-${job}`, String(pushesPerJob)],
        input: secretInput({ name: username, password }),
      });
      const digests = stdout.match(/sha256:[0-9a-f]{64}/g)?.length ?? 0;
      result.pushed += digests;
      if (digests !== pushesPerJob) result.failures.push(output);
    }
  };
  const lanes = Promise.all([lane(), lane(), lane()]);
  return {
    async stop() {
      stopped = true;
      await lanes;
      return result;
    },
  };
}

const pushScript = `${authFile}
  export DOCKER_CONFIG="$auth"
  for number in $(seq "$2"); do
    head --bytes 8K /dev/urandom >"$auth/layer"
    tar --create --file "$auth/layer.tar" --directory "$auth" layer
    timeout 60 crane append --new_layer "$auth/layer.tar" --new_tag "$1:$number" || true
  done
  rm -r "$auth"`;

function bound(jenkins: LabJenkins) {
  const credential = jenkins.credential("container-registry");
  if (credential?.kind !== "username-password") throw new Error("Jenkins has no credential container-registry");
  return credential;
}
