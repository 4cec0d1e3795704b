import { describe, expect, it } from "vitest";
import { docker, dockerSays, label } from "../../../lab/docker/docker.ts";
import { startLab } from "../../../lab/lab.ts";
import { withWorld } from "../../with-world.ts";
import { startNewcomer } from "../support/lab/newcomer.ts";
import { startOfficialServers } from "../support/lab/official-servers.ts";

const network = "container-registry-lab-official";

const computer = withWorld(async ({ use, defer }) => {
  await startLab();
  if (!(await dockerSays(["network", "inspect", network])))
    await docker(["network", "create", "--label", label, network]);
  defer(() => docker(["network", "rm", network]));
  return use(await startNewcomer(network));
});

describe("npm start where no official part can be reached, without Go and without root", () => {
  const ran = withWorld(() => computer().run("npm start", { user: "operator" }));

  it("says first what cannot be reached, why, and how long it takes instead", () => {
    const { output } = ran();
    const [line = ""] = output.split("\n").filter((each) => /^[▸✓✗]/.test(each));
    expect(line).toMatch(/^▸ official parts: get\.pulumi\.com \(.+\), docker\.io \(.+\) and ghcr\.io \(.+\) cannot be/);
    expect(line).toMatch(
      /built from Go modules instead, which takes about 12 minutes the first time, and seconds later$/,
    );
  });

  it("ends with an error that names the next step, and leaves no container", async () => {
    expect(ran().exitCode).toBe(1);
    expect(ran().output).toMatch(/^error: .*(install Pulumi|make docker\.io reachable).*, then run this again$/m);
    expect((await computer().run("docker ps --all --quiet")).output).toBe("");
  });
});

describe("npm start where the official parts can be reached", () => {
  const world = withWorld(async ({ use }) => {
    const servers = use(await startOfficialServers(network));
    await computer().use(servers);
    const { exitCode, output } = await computer().run("npm start");
    if (exitCode !== 0) throw new Error(`npm start ended with exit code ${exitCode}:\n${output}`);
    return { servers, output };
  });
  const inComputer = async (script: string) => (await computer().run(script)).output;

  it.each([
    "▸ official parts: get.pulumi.com, docker.io and ghcr.io answer, so nothing has to be compiled",
    "✓ anonymous push is rejected",
    "✓ wrong password is rejected",
    "✓ push as jenkins works",
    "✓ anonymous pull works",
    "✓ the pulled image is the pushed one: sha256:",
  ])("prints: %s", (line) => {
    expect(world().output).toContain(line);
  });

  it("compiles nothing, and there is no Go to compile with", async () => {
    expect(world().output).not.toContain("build from Go modules");
    expect(await inComputer("{ command -v go || ls ~/go || echo none; } 2>/dev/null")).toBe("none");
  });

  it("pulls each pinned image by its digest from the registries", async () => {
    const requests = await world().servers.requests();
    for (const digest of Object.values(world().servers.digests)) expect(requests).toContain(`/manifests/${digest}`);
  });

  it("runs the registry and the proxy from the official images", async () => {
    const running = "docker exec container-registry-lab-host docker ps --no-trunc --quiet | wc -l";
    expect(await inComputer(running)).toBe("2");
    const used =
      "docker exec container-registry-lab-host sh -c 'docker inspect --format {{.Image}} $(docker ps --quiet)'";
    const pulled =
      "docker image inspect --format {{.Id}} container-registry-lab/official-{registry:3.1.1,proxy:2.11.4}";
    expect((await inComputer(used)).split("\n").sort()).toEqual((await inComputer(pulled)).split("\n").sort());
  });

  it("lets the engine download the plugins of the program", async () => {
    const plugins = await inComputer("ls ~/.cache/container-registry-lab/pulumi-home/plugins");
    for (const name of ["command-v1.2.1", "random-v4.21.1"]) expect(plugins).toContain(`resource-${name}`);
  });

  it("changes nothing the second time", async () => {
    const { output } = await computer().run("npm start");
    expect(output).toMatch(/\d+ unchanged/);
    expect(output).not.toMatch(/\d+ (created|updated|replaced|deleted|changes)/);
  });
});
