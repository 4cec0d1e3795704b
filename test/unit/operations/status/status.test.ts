import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StatusReport } from "../../../../operations/commands/status/status-report.ts";
import { registry as commands } from "../../../../operations/registry.ts";
import { changed, entriesOf, existingStack, type Stack } from "../../settings/stacks.ts";
import { stubPrograms } from "../fake-programs.ts";
import { said } from "../output.ts";
import { FakeRegistry } from "../registry-api/fake-registry.ts";

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await FakeRegistry.start();
});
afterEach(() => {
  registry[Symbol.dispose]();
  vi.unstubAllEnvs();
});

/** A Pulumi CLI that knows one stack, `dev`, whose registry is the fake one. */
function stackIs(stack: Stack, url = registry.url): void {
  const entries = entriesOf(stack).map(({ key, value, encrypted }) => [
    `container-registry:${key}`,
    { value, secret: encrypted },
  ]);
  const outputs = { registryUrl: url, registryHost: "r", imagePrefix: "r", registryCa: "", accounts: {} };
  const print = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND`;
  stubPrograms({
    pulumi: `case "$*" in
stack\\ --show-name*) echo dev ;;
config*) ${print(Object.fromEntries(entries))}
;;
stack\\ output*) ${print(outputs)}
;;
esac`,
  });
}

const plain = changed(existingStack, { "variant.tls": { kind: "none" } });

const run = async (...options: string[]) => {
  const { exitCode, stdout, stderr } = await said(commands, ["status", ...options]);
  return { exitCode, stdout, stderr };
};

describe("registry status", () => {
  it("says that a registry that somebody else runs serves, and what the stack file has of it", async () => {
    stackIs(plain);
    const { exitCode, stdout } = await run("--json");
    const report = StatusReport.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ stack: "dev", variant: "existing", url: registry.url, serving: true });
    expect([report.containers, report.attention, report.unknown]).toEqual([[], [], []]);
    expect(exitCode).toBe(0);
  });

  it("finds that nothing answers", async () => {
    stackIs(plain, "http://127.0.0.1:1");
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(3);
    expect(stdout).toContain("serving      NO: http://127.0.0.1:1");
    expect(stdout).toContain("! this machine cannot connect to http://127.0.0.1:1");
  });

  it("finds a proxy whose registry does not answer", async () => {
    registry.instead = ({ request, response }) =>
      request.url?.includes("/manifests/") === true && !!response.writeHead(502).end();
    stackIs(plain);
    const { exitCode, stdout } = await run();
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^! .*answers 502.*see the registry's log/m)]);
  });

  it("takes no server for a registry that answers everything with 404, as an Ingress controller without a route", async () => {
    registry.instead = ({ response }) => !!response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    stackIs(plain);
    const { exitCode, stdout } = await run();
    expect([exitCode, stdout]).toEqual([
      3,
      expect.stringMatching(/^! .*\/v2\/ answers 404; see that a registry serves/m),
    ]);
  });

  it("could not look at a machine that does not answer, and says the rest", async () => {
    stackIs({
      containerRegistry: { host: "localhost:5002", account: "jenkins" },
      variant: { kind: "hybrid", storagePath: "/nonexistent" },
      accounts: [{ name: "jenkins", push: ["**"] }],
    });
    const docker = "echo 'Cannot connect to the Docker daemon' >&2; exit 1";
    const path = process.env.PATH;
    stubPrograms({ docker });
    vi.stubEnv("PATH", `${process.env.PATH}:${path}`);
    const { exitCode, stdout } = await run();
    expect(stdout).toMatch(/^serving +yes/m);
    expect(stdout).toMatch(/^not known +docker: Cannot connect to the Docker daemon$/m);
    expect(stdout).toMatch(/^not known +storage: .*\/nonexistent/m);
    expect(exitCode).toBe(1);
  });

  it("does not watch for a program that reads JSON", async () => {
    expect(await run("--watch", "--json")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--watch") });
  });
});
