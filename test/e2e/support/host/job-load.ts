import { authFile } from "../../../../lab/clients/auth-file.ts";
import { secretInput } from "../../../../lab/clients/outcome.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import type { LabJenkins } from "../../../../lab/jenkins/start-jenkins.ts";

export type JobLoad = {
  client: Machine;
  jenkins: LabJenkins;
  /** `HOST/PATH`: each push goes to a tag of its own below it. */
  prefix: string;
  /** What the team pushes in the time at least, and what it would never push. */
  pushes: { least: number; most: number };
};

export type JobLoadResult = {
  /** How many pushes succeeded, and what each that did not said. */
  pushed: number;
  failures: string[];
  /** The passwords that jobs had bound. */
  bound: Set<string>;
};

const pushesPerJob = 5;

/**
 * Jobs that push all the while, three at a time: each has the credential bound that Jenkins holds as it starts, and goes
 * on with it to its end. They stop once they were told to and have pushed enough.
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
