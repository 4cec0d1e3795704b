import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { engine } from "../../../../lab/engine/engine.ts";
import type { Machine } from "../../../../lab/hosts/machine.ts";
import { namesOfTheLab } from "../../../../lab/network/names-of-the-lab.ts";
import { trackedCopy } from "../../../tracked-copy.ts";
import type { DocsPage } from "./docs-page.ts";

/** A reader of `docs` who begins with an empty home and an empty folder. */
export type Reader = {
  /** Where `git clone` put the project. */
  project: string;
  /** The environment of the reader's commands after the first section, for what a test does in between. */
  env: NodeJS.ProcessEnv;
  /** Runs the lines of a page's section one after the other, as one shell would. Throws where one fails. */
  follow(page: DocsPage, section: string, steps?: Steps): Promise<string>;
};

/** What a test does about single lines. */
type Steps = {
  /** What is typed where the line asks, by the line's beginning, as all of these. */
  typed?: Record<string, string>;
  before?: Record<string, () => Promise<unknown>>;
  after?: Record<string, () => Promise<unknown>>;
  /** Lines that are not run here, and why. */
  notRun?: Record<string, string>;
};

export type ReaderOptions = {
  folder: string;
  /** What the reader writes for the page's names, as in `{ "registry.example.org": "get-started.lab.test" }`. */
  values: Record<string, string>;
  /** The machine whose docker the reader's `docker` is, since this machine's knows no name of the lab. @default this machine */
  docker?: Machine;
  env?: NodeJS.ProcessEnv;
  /** Folders with further programs of the reader. @default none */
  programs?: readonly string[];
};

/** Gives a reader a home, the Pulumi CLI, and a Git repository with this checkout, at `REPOSITORY`. */
export async function reader({
  folder,
  values,
  docker,
  env = {},
  programs: more = [],
}: ReaderOptions): Promise<Reader> {
  const [home, repository, programs] = ["home", "repository", "programs"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [join(home, ".ssh"), programs]) await mkdir(each, { recursive: true });
  await trackedCopy(repository);
  const identity = ["-c", "user.name=lab", "-c", "user.email=lab@lab.test"];
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
    [...identity, "commit", "--quiet", "--message", "all"],
  ])
    await execa("git", args, { cwd: repository });
  if (docker) await actAsDocker(docker, join(programs, "docker"));
  const { stdout: cache } = await execa("npm", ["config", "get", "cache"]);
  const { path } = await engine();
  const variables = {
    HOME: home,
    PATH: [...more, ...path, process.env.PATH ?? ""].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The packages are in the cache since this checkout was installed.
    ...{ npm_config_cache: cache, npm_config_prefer_offline: "true" },
    // Pulumi takes the user's own home otherwise, not HOME: a login of one reader was then the login of all.
    PULUMI_HOME: join(home, ".pulumi"),
    ...{ PULUMI_BACKEND_URL: undefined, PULUMI_STACK: undefined },
    ...{ PULUMI_CONFIG_PASSPHRASE: undefined, INIT_CWD: undefined },
    ...env,
  };
  const words = { REPOSITORY: repository, ...values };

  /** Runs one line where the one before it ended, with what that one exported. */
  async function run(line: string, input: string): Promise<string> {
    const left = join(home, ".shell");
    const script = `if [ -e "${left}" ]; then . "${left}"; fi\n${line}\n{ echo "cd '$PWD'"; export -p | grep _FILE= ; } >"${left}" || :`;
    const names = /^(npm run|pulumi up)/.test(line) ? namesOfTheLab : {};
    // `up` asks this machine's own docker for the nodes of kind clusters.
    const PATH = [...(line.startsWith("pulumi ") ? [] : [programs]), variables.PATH].join(delimiter);
    const result = await execa("sh", ["-ec", script], {
      ...{ cwd: home, env: { ...variables, ...names, PATH }, input, all: true, reject: false, timeout: 900_000 },
    });
    if (result.exitCode !== 0) throw new Error(`${line} ends with exit code ${result.exitCode}:\n${result.all}`);
    return `$ ${line}\n${result.all}\n`;
  }

  return {
    project: join(home, "container-registry"),
    env: { ...variables, PULUMI_CONFIG_PASSPHRASE_FILE: join(home, ".registry-passphrase") },
    follow: async (page, section, steps = {}) => {
      const lines = page.lines(section);
      if (lines.length === 0) throw new Error(`${page.name} has no commands under ${section}`);
      const outputs: string[] = [];
      for (const line of lines) {
        const why = of(steps.notRun, line);
        if (why !== undefined) {
          process.stderr.write(`docs/${page.name}: ${line}: not run here, since ${why}\n`);
          continue;
        }
        await of(steps.before, line)?.();
        const ours = Object.entries(words).reduce((text, [word, value]) => text.replaceAll(word, value), line);
        outputs.push(await run(ours, of(steps.typed, line) ?? ""));
        await of(steps.after, line)?.();
      }
      return outputs.join("");
    },
  };
}

/** Makes a program of this machine that is another machine's docker. */
async function actAsDocker({ container }: Machine, program: string): Promise<void> {
  const { stdout: docker } = await execa("sh", ["-c", "command -v docker"]);
  await writeFile(
    program,
    `#!/bin/sh\nexec ${docker} exec --interactive --env DOCKER_CONFIG=/root/reader ${container} docker "$@"\n`,
  );
  await chmod(program, 0o755);
}

/** What is given for a line, by the line's beginning. */
function of<Given>(given: Record<string, Given> | undefined, line: string): Given | undefined {
  return Object.entries(given ?? {}).find(([beginning]) => line.startsWith(beginning))?.[1];
}
