import type { Step } from "../../../../jenkins/compare.ts";
import { nameOf } from "../../../../jenkins/credential.ts";
import type { Check } from "../../check.ts";
import type { Mends } from "../../mends.ts";

export type CheckedJenkins = { where: string; steps: readonly Step[]; mends: Mends };

export const jenkins: readonly Check<CheckedJenkins>[] = [
  {
    id: "jenkins-credential-differs",
    title: "Jenkins has the credentials that the stack wants, as far as it tells",
    run: ({ where, steps, mends }) =>
      steps
        .filter(({ action }) => action !== "keep")
        .map(({ action, entry, why }) => ({
          problem: `credential ${nameOf(entry)}: ${problems[action]} (${why})`,
          ...{ where, affects: "pipelines in Jenkins that push or pull", fixable: false },
          mend: `npm run -s registry -- sync jenkins ${mends.options}`,
        })),
  },
];

const problems = {
  create: "is not in Jenkins",
  update: "is not as the stack wants it",
  remove: "is left over from an earlier stack file",
  keep: "is right",
} as const;
