import { join } from "node:path";
import { shellWord } from "../../hosts/shell.ts";
import { type Machine, startMachine } from "../hosts/machine.ts";
import { ensureImages } from "../images/image-set.ts";
import { machineImage } from "../images/machine-image.ts";
import type { JobWorkspace } from "./run-job.ts";

/** Starts a CI agent with Docker and Maven; Maven uses Debian's packages instead of Maven Central. */
export async function startBuildAgent(name: string): Promise<Machine> {
  const { agent } = await ensureImages({
    name: "agent",
    targets: ["agent"],
    files: ["maven-settings.xml"],
    binaries: [],
    base: () => machineImage("client"),
  });
  return startMachine({ name, kind: "client", image: agent });
}

/** The `sh` steps of a Jenkinsfile. Groovy itself parses the file, on the agent. */
export async function stepsByGroovy(agent: Machine, jenkinsfile: string): Promise<unknown> {
  await agent.copyTo(join(import.meta.dirname, "read-pipeline.groovy"), "/var/tmp/read-pipeline.groovy");
  return JSON.parse(await agent.run("groovy /var/tmp/read-pipeline.groovy", { input: jenkinsfile }));
}

/** Creates a job's workspace with some files on a machine. Its steps run as a user who may use Docker, and is not root. */
export async function workplaceOn(machine: Machine, files: Record<string, string>): Promise<JobWorkspace> {
  const folder = await machine.run("runuser -u operator -- mktemp --directory /home/operator/job-XXXXXX");
  for (const [path, text] of Object.entries(files))
    await machine.run('runuser -u operator -- sh -c \'mkdir -p "$(dirname "$1")" && cat >"$1"\' sh "$1"', {
      args: [`${folder}/workspace/${path}`],
      input: text,
    });
  return {
    folder,
    run: async ({ script, shell, env }) => {
      const variables = { HOME: "/home/operator", ...env };
      const lines = Object.entries(variables).map(([key, value]) => `export ${key}=${shellWord(value)}\n`);
      // Variables are passed by stdin and a file that only root can read: arguments are visible to all users.
      return machine.attempt(
        `folder=$1; shift; script=$1; shift
         (umask 077; cat >"$folder.variables")
         printf '%s' "$script" >"$folder.script"
         . "$folder.variables"
         rm "$folder.variables"
         cd "$folder/workspace"
         exec runuser -u operator -- "$@" "$folder.script"`,
        { args: [folder, script, ...shell], input: lines.join(""), timeoutSeconds: 300 },
      );
    },
    read: (path) => machine.run('cat "$1" 2>/dev/null || :', { args: [path] }),
  };
}
