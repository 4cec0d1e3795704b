import { stringify } from "yaml";
import { shellWord } from "../../../hosts/shell.ts";
import { dockerLogin } from "./docker.ts";
import { type RegistryLogin, unrecorded } from "./login.ts";

const variables = {
  host: "CONTAINER_REGISTRY_HOST",
  prefix: "CONTAINER_REGISTRY_PATH_PREFIX",
  ca: "CONTAINER_REGISTRY_CA",
} as const;
const secrets = { username: "CONTAINER_REGISTRY_USERNAME", password: "CONTAINER_REGISTRY_PASSWORD" } as const;

/**
 * Shell lines that set a GitHub repository's variables and secrets, and, as comments, the workflow step that logs in
 * with them.
 */
export function githubLines(login: RegistryLogin): string[] {
  const { host, pathPrefix, username, password, ca } = login;
  // GitHub rejects an empty variable, so empty ones are left out: a workflow reads a missing variable as empty.
  const given = { [variables.host]: host, [variables.prefix]: pathPrefix, [variables.ca]: ca };
  const set = Object.entries(given).filter(([, value]) => value !== "");
  return [
    "# In the project's checkout, with GitHub's CLI; or by hand under Settings, Secrets and variables, Actions.",
    ...set.map(([name, value]) => `gh variable set ${name} --body ${shellWord(value)}`),
    `printf '%s' ${shellWord(username)} | gh secret set ${secrets.username}`,
    unrecorded(`printf '%s' ${shellWord(password)} | gh secret set ${secrets.password}`),
    "# The step of a workflow, before its push; a whole one is examples/github-actions.yml.",
    ...stringify([loginStep(ca !== "")], { lineWidth: 0 })
      .trimEnd()
      .split("\n")
      .map((line) => `#   ${line}`),
  ];
}

/**
 * The workflow step that logs in. Its script reads every value from the environment: GitHub would paste an expression
 * into the script unquoted, and the shell would run whatever the value contains.
 */
function loginStep(hasCa: boolean) {
  const folder = `/etc/docker/certs.d/$${variables.host}`;
  const trust = [
    `sudo mkdir -p "${folder}"`,
    `printf '%s\\n' "$${variables.ca}" | sudo tee "${folder}/ca.crt" >/dev/null`,
  ];
  const log = dockerLogin(`"$${variables.host}"`, '"$REGISTRY_USER"', '"$REGISTRY_PASS"');
  return {
    name: "Log in",
    env: {
      [variables.host]: `\${{ vars.${variables.host} }}`,
      ...(hasCa && { [variables.ca]: `\${{ vars.${variables.ca} }}` }),
      REGISTRY_USER: `\${{ secrets.${secrets.username} }}`,
      REGISTRY_PASS: `\${{ secrets.${secrets.password} }}`,
    },
    run: `${[...(hasCa ? trust : []), log].join("\n")}\n`,
  };
}
