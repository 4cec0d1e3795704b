import { describe, expect, it } from "vitest";
import { jenkinsJob } from "../../../../lab/ci/jenkins-job.ts";
import { jenkinsfile } from "../../../../lab/ci/jenkinsfile.ts";

const stage = (body: string) => `pipeline { agent any
  environment { APP = 'shop' }
  stages { stage('One') { steps { ${body} } } }
}`;

describe("jenkinsfile", () => {
  it("finds each sh step, its stage and the credentials around it, and no others", () => {
    const text = `
      // sh '''a comment'''
      pipeline {
        agent none
        stages {
          stage('First') {
            steps {
              withCredentials([string(credentialsId: 'outer', variable: 'OUTER')]) {
                withCredentials([
                  file(credentialsId: "for-\${STACK}", variable: 'FILE'), /* } */
                  usernamePassword(credentialsId: env.ID, usernameVariable: 'U', passwordVariable: 'P'),
                ]) {
                  sh '''echo "{ it's '' one }" // not a comment'''
                }
                echo 'sh }'
              }
            }
          }
          stage('Second') { steps { sh '''two''' } }
        }
      }`;
    expect(jenkinsfile(text).steps).toEqual([
      {
        stage: "First",
        script: `echo "{ it's '' one }" // not a comment`,
        bindings: [
          { kind: "string", args: { credentialsId: "outer", variable: "OUTER" } },
          { kind: "file", args: { credentialsId: `for-\${STACK}`, variable: "FILE" } },
          {
            kind: "usernamePassword",
            args: { credentialsId: `\${ID}`, usernameVariable: "U", passwordVariable: "P" },
          },
        ],
      },
      { stage: "Second", script: "two", bindings: [] },
    ]);
  });

  it("takes backslashes as Groovy does, before the shell", () => {
    const [step] = jenkinsfile(
      stage(String.raw`sh '''printf 'a\\n' \
      b\tc'''`),
    ).steps;
    expect(step?.script).toBe("printf 'a\\n'       b\tc");
  });

  it.each([
    ["a script in which Groovy fills in variables", 'sh """echo $PASSWORD"""'],
    ["a script that is computed", "sh command"],
    ["a quote that does not end", "sh '''echo"],
  ])("refuses %s", (_what, step) => {
    expect(() => jenkinsfile(stage(step))).toThrow();
  });
});

describe("jenkinsJob", () => {
  const text = stage(
    "withCredentials([usernamePassword(credentialsId: env.ID, usernameVariable: 'U', passwordVariable: 'P')]) { sh '''true''' }",
  );

  it("gives a step the agent's variables, the pipeline's and the bound credentials", () => {
    const store = { registry: { username: "ci", password: "correct horse" } };
    expect(jenkinsJob(jenkinsfile(text), { ID: "registry" }, store)).toEqual([
      {
        name: "One",
        script: "true",
        shell: ["sh", "-xe"],
        env: { ID: "registry", APP: "shop", U: "ci", P: "correct horse" },
      },
    ]);
  });

  it.each([
    ["an id that the store lacks", { ID: "gone" }, {}],
    ["an id of another type", { ID: "registry" }, { registry: { secret: "registry.example.org" } }],
    ["a variable that the agent lacks", {}, {}],
  ])("fails as Jenkins does for %s", (_what, agent, store) => {
    expect(() => jenkinsJob(jenkinsfile(text), agent, store)).toThrow();
  });
});
