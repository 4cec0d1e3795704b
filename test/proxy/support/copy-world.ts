import { mkdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { goBinary } from "../../../lab/go/go-build.ts";
import { password } from "../../../lab/proxy/credentials.ts";
import { regctl } from "../../../lab/proxy/regctl.ts";
import type { CopyReport } from "../../../operations/copy/copy-report.ts";
import { registry } from "../../../operations/registry.ts";
import { fakePrograms } from "../../unit/operations/fake-programs.ts";
import { said } from "../../unit/operations/output.ts";
import { type Cleanup, temporaryFolder } from "../../with-world.ts";

export type CopyRun = CopyReport & { exitCode: number; error?: string; stderr: string };

/**
 * A user's machine for `registry copy`: a home folder, stacks that a fake of the command `pulumi` knows, and the real
 * regctl. `scripts` are further programs on its PATH.
 */
export async function copyWorld(cleanup: Cleanup, scripts: Record<string, string> = {}) {
  const folder = temporaryFolder(cleanup, "copy");
  for (const name of ["home/.docker", "old", "run"]) mkdirSync(join(folder, name), { recursive: true });
  const calls = join(folder, "calls");
  const program = await goBinary(regctl);
  const programs = fakePrograms({
    pulumi: `case "$*" in *'--stack old'*) cd '${folder}/old' ;; *) cd '${folder}' ;; esac
      case $1 in config) cat config.json ;; *) cat outputs.json ;; esac`,
    regctl: `printf 'start %s\\n' "$*" >>'${calls}'; '${program}' "$@"; code=$?; echo end >>'${calls}'; exit $code`,
    ...scripts,
  });
  cleanup.defer(() => programs[Symbol.dispose]());
  cleanup.defer(() => vi.unstubAllEnvs());
  vi.stubEnv("PATH", programs.path);
  vi.stubEnv("DOCKER_CONFIG", undefined);

  const atHome = async (path: string, text: string) => {
    await mkdir(join(folder, "home", path, ".."), { recursive: true });
    await writeFile(join(folder, "home", path), text);
  };
  // The lab builds programs below the real home folder.
  const environment = { HOME: join(folder, "home"), XDG_RUNTIME_DIR: join(folder, "run") };

  return {
    folder,
    /** What a process of this user needs in its environment, besides PATH. */
    environment,
    /** Makes the registry that of the stack to which commands copy, or of the stack `old`. */
    async asStack(
      { url, ca = "" }: { url: string; ca?: string },
      changed: Record<string, unknown> = {},
      stack = "",
    ): Promise<void> {
      const values = {
        containerRegistry: { host: "registry.example.org" },
        variant: { kind: "cluster", tls: { kind: "private-ca" } },
        accounts: [{ name: "jenkins", push: ["**"] }],
        ...changed,
      };
      const config = Object.entries(values).map(([key, value]) => [
        `container-registry:${key}`,
        { value: JSON.stringify(value), secret: false },
      ]);
      const accounts = { jenkins: password("jenkins"), "team-a": password("team-a") };
      const outputs = { registryUrl: url, registryHost: new URL(url).host, imagePrefix: "", registryCa: ca, accounts };
      await writeFile(join(folder, stack, "config.json"), JSON.stringify(Object.fromEntries(config)));
      await writeFile(join(folder, stack, "outputs.json"), JSON.stringify(outputs));
    },
    /** Logs in as `docker login` does without a credential helper. */
    async dockerLogin(url: string, name: string, secret = password(name)): Promise<void> {
      const auth = Buffer.from(`${name}:${secret}`).toString("base64");
      await atHome(".docker/config.json", JSON.stringify({ auths: { [new URL(url).host]: { auth } } }));
    },
    /** Writes a file below the user's home folder. */
    atHome,
    async copy(...argv: string[]): Promise<CopyRun> {
      const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
      try {
        const { exitCode, stdout, stderr } = await said(registry, ["copy", ...argv, "--stack", "dev", "--json"]);
        return { exitCode, stderr, ...JSON.parse(stdout) };
      } finally {
        for (const [name, value] of before) vi.stubEnv(name, value);
      }
    },
    /** What regctl was called with since the last call: a line `start …` and a line `end` for each process. */
    async regctlCalls(): Promise<string[]> {
      const text = await readFile(calls, "utf8").catch(() => "");
      await writeFile(calls, "");
      return text.split("\n").slice(0, -1);
    },
  };
}

export type CopyWorld = Awaited<ReturnType<typeof copyWorld>>;
