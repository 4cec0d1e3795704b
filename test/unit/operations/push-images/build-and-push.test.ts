import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { buildAndPush } from "../../../../operations/commands/push-images/build-and-push.ts";
import { requireDockerfiles } from "../../../../operations/commands/push-images/dockerfiles.ts";
import { baseImages } from "../../../../render/base-images.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";

const images = baseImages(
  { host: "registry.example.org", pathPrefix: "p2c" },
  { prefix: "whanos", languages: ["c", "java"], tag: "latest" },
);
const login = { host: "registry.example.org", username: "jenkins", password: "correct horse $battery" };

const world = withFreshWorld((cleanup) => {
  const folder = temporaryFolder(cleanup, "push-images");
  for (const language of ["c", "java"]) {
    mkdirSync(join(folder, language));
    writeFileSync(join(folder, language, "Dockerfile.base"), "FROM scratch\n");
  }
  cleanup.defer(() => vi.unstubAllEnvs());
  return { folder, defer: cleanup.defer };
});

/** A docker that writes down its calls, the configuration they have and what it reads, and does what `answers` says. */
function stubDocker(answers = ""): void {
  writeFileSync(
    join(world().folder, "docker"),
    `#!/bin/sh
echo "\${DOCKER_CONFIG:+own }$*" >>"${world().folder}/calls"
[ -z "$DOCKER_CONFIG" ] || echo "$DOCKER_CONFIG" >>"${world().folder}/configs"
case "$1" in
version) echo 20.10.24 ;;
login) cat >"${world().folder}/password"; touch "$DOCKER_CONFIG/config.json" ;;
context) echo unix:///run/user/1000/docker.sock ;;
esac
case "$1" in
${answers}
esac
`,
  );
  chmodSync(join(world().folder, "docker"), 0o755);
  vi.stubEnv("PATH", `${world().folder}:/usr/bin:/bin`);
  vi.stubEnv("DOCKER_CONFIG", undefined);
  vi.stubEnv("XDG_RUNTIME_DIR", world().folder);
}

const calls = () => readFileSync(join(world().folder, "calls"), "utf8").trim().split("\n");

const run = (push = true) => buildAndPush({ folder: world().folder, images, login, push });

describe("buildAndPush", () => {
  it("logs in, builds with the person's configuration, pushes with its own, and logs out", async () => {
    stubDocker();
    await run();
    expect(calls()).toEqual([
      "version --format {{.Server.Version}}",
      "context inspect --format {{.Endpoints.docker.Host}}",
      "own login --username jenkins --password-stdin registry.example.org",
      ...["c", "java"].map(
        (language) =>
          `build --tag registry.example.org/p2c/whanos-${language}:latest --file ${world().folder}/${language}/Dockerfile.base ${world().folder}/${language}`,
      ),
      ...["c", "java"].map((language) => `own push registry.example.org/p2c/whanos-${language}:latest`),
      "own logout registry.example.org",
    ]);
    expect(readFileSync(join(world().folder, "password"), "utf8")).toBe(login.password);
    for (const config of new Set(readFileSync(join(world().folder, "configs"), "utf8").trim().split("\n")))
      expect(existsSync(config)).toBe(false);
  });

  it("pushes nothing where it is not to", async () => {
    stubDocker();
    await run(false);
    expect(calls().map((call) => call.replace("own ", "").split(" ")[0])).toEqual([
      ...["version", "context", "login", "build", "build", "logout"],
    ]);
  });

  it("finds Docker where the person's context has it", async () => {
    stubDocker('push) [ "$DOCKER_HOST" = unix:///run/user/1000/docker.sock ] || exit 1 ;;');
    await expect(run()).resolves.toBeUndefined();
  });

  it.each([
    [
      "version) echo 'Cannot connect to the Docker daemon at unix:///x' >&2; exit 1 ;;",
      /^Docker does not answer; start it/,
    ],
    [
      "login) echo 'Error response from daemon: Get \"https://registry.example.org/v2/\": unauthorized' >&2; exit 1 ;;",
      /^docker login of jenkins at registry\.example\.org: refused: .*run pulumi up/,
    ],
    [
      "login) echo 'x509: certificate signed by unknown authority' >&2; exit 1 ;;",
      /this machine's Docker does not trust the registry; .*node-trust\.md/,
    ],
    [
      "login) echo 'http: server gave HTTP response to HTTPS client' >&2; exit 1 ;;",
      /speaks plain HTTP; .*insecure-registries/,
    ],
    ["login) echo 'dial tcp: i/o timeout' >&2; exit 1 ;;", /is the registry reachable from here\? .*i\/o timeout/],
    ["build) exit 1 ;;", /^docker build --tag .*whanos-c:latest .* failed; see above$/],
    ["push) exit 1 ;;", /^docker push .*whanos-c:latest failed; see above$/],
  ])("says what to do where %s", async (answers, message) => {
    stubDocker(answers);
    const error = await run().catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "OperationError", message: expect.stringMatching(message) });
    expect(String(error)).not.toContain(login.password);
  });

  it("logs out and leaves no login where a push fails", async () => {
    stubDocker("push) exit 1 ;;");
    await expect(run()).rejects.toThrow("failed; see above");
    expect(calls().at(-1)).toBe("own logout registry.example.org");
    const [config = ""] = readFileSync(join(world().folder, "configs"), "utf8").split("\n");
    expect(existsSync(config)).toBe(false);
  });

  it("has docker keep the login in that configuration, and in no store of the machine's", async () => {
    stubDocker(`login) cp "$DOCKER_CONFIG/config.json" "${world().folder}/at-login" ;;`);
    await run();
    // docker looks for a store only where no entry is there.
    expect(JSON.parse(readFileSync(join(world().folder, "at-login"), "utf8"))).toEqual({ auths: { [login.host]: {} } });
  });

  it("leaves no login where somebody presses Ctrl-C", async () => {
    const { config, end } = await startPushing();
    await end((pid) => process.kill(-pid, "SIGINT"));
    expect(existsSync(config)).toBe(false);
    expect(calls().at(-1)).toBe("own logout registry.example.org");
  });

  it.each([
    ["a CI ends it", "SIGTERM"],
    ["its terminal goes", "SIGHUP"],
    ["somebody presses Ctrl-\\", "SIGQUIT"],
  ] as const)("leaves neither login nor push where %s: %s", async (_who, signal) => {
    const { config, end, docker } = await startPushing();
    await end((pid) => process.kill(pid, signal));
    expect(existsSync(config)).toBe(false);
    await vi.waitUntil(() => !existsSync(`/proc/${docker}`), { timeout: 20_000, interval: 50 });
  });

  it("removes the login that a killed run left, and not that of a run under way", async () => {
    const killed = await startPushing();
    await killed.end((pid) => process.kill(-pid, "SIGKILL"));
    const underWay = await startPushing();
    expect([killed.config, underWay.config].map((each) => existsSync(each))).toEqual([false, true]);
    await run();
    expect(existsSync(underWay.config)).toBe(true);
    await underWay.end((pid) => process.kill(pid, "SIGTERM"));
  });

  /** Runs it as a command until it pushes. */
  async function startPushing() {
    const begun = join(world().folder, "begun");
    rmSync(begun, { force: true });
    stubDocker(
      `push) [ -f "${begun}" ] || { echo "$$ $DOCKER_CONFIG" >"${begun}.new"; mv "${begun}.new" "${begun}"; exec sleep 300; } ;;`,
    );
    const module = new URL("../../../../operations/commands/push-images/build-and-push.ts", import.meta.url).href;
    const call = `const { buildAndPush } = await import(${JSON.stringify(module)}); await buildAndPush(${JSON.stringify({ folder: world().folder, images, login, push: true })});`;
    const flags = ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", call];
    const child = spawn(process.execPath, flags, { detached: true, stdio: "ignore" });
    world().defer(() => endGroup(Number(child.pid)));
    const ended = once(child, "exit");
    await vi.waitUntil(() => existsSync(begun), { timeout: 60_000, interval: 50 });
    const [docker = "", config = ""] = readFileSync(begun, "utf8").trim().split(" ");
    const end = async (signal: (pid: number) => void) => {
      signal(Number(child.pid));
      await ended;
    };
    return { docker, config, end };
  }

  it("says so where there is no docker", async () => {
    vi.stubEnv("PATH", world().folder);
    await expect(run()).rejects.toThrow("docker is not on this machine's PATH");
  });
});

/** Kills a process group, by its leader. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended, as it should.
  }
}

describe("requireDockerfiles", () => {
  it("names all that are missing", async () => {
    await expect(requireDockerfiles(world().folder, ["c", "java"])).resolves.toBeUndefined();
    await expect(requireDockerfiles(world().folder, ["c", "rust", "befunge"])).rejects.toThrow(
      `missing: ${world().folder}/rust/Dockerfile.base, ${world().folder}/befunge/Dockerfile.base; add them`,
    );
  });
});
