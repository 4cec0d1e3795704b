import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { stringify } from "yaml";
import { ask } from "../../lab/proxy/ask.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { registry } from "../../operations/registry.ts";
import { fakePrograms } from "../unit/operations/fake-programs.ts";
import { said } from "../unit/operations/output.ts";

const jenkins = { bearer: "jenkins" };
const host = "registry.example.org";

it("registry delete leaves what a pod runs, and deletes the rest", async () => {
  await using proxy = await startProxy();
  for (const tag of ["v1", "v2", "v3"]) await pushImage(proxy, "team-a/app", tag, Buffer.from(tag), jenkins);
  const spec = { containers: [{ image: `${host}/team-a/app:v1` }] };
  const pod = { kind: "Pod", metadata: { name: "web", namespace: "apps" }, spec, status: { phase: "Running" } };
  const folder = await mkdtemp(join(tmpdir(), "delete-"));
  await writeFile(join(folder, "config.json"), JSON.stringify(config(folder)));
  await writeFile(join(folder, "outputs.json"), JSON.stringify(outputs(proxy.url)));
  await writeFile(join(folder, "pods.json"), JSON.stringify({ items: [pod] }));
  await writeFile(join(folder, "kubeconfig"), kubeconfig);
  using programs = fakePrograms({
    pulumi: `case $1 in config) cat '${folder}/config.json' ;; *) cat '${folder}/outputs.json' ;; esac`,
    kubectl: `cat '${folder}/pods.json'`,
  });
  vi.stubEnv("PATH", programs.path);
  try {
    const run = (...argv: string[]) => said(registry, ["delete", ...argv, "--stack", "dev", "--json"]);

    const refused = await run("team-a/app:v2", `${host}/team-a/app:v1`, "--yes");
    expect(JSON.parse(refused.stdout)).toEqual({
      error: "nothing was deleted: team-a/app:v1 stays, since pod apps/web runs it",
    });
    const unanswered = await run("team-a/app:v2");
    expect(JSON.parse(unanswered.stdout).error).toContain("nothing was deleted; without a question: --yes");
    expect(await tagsOf(proxy)).toEqual(["v1", "v2", "v3"]);

    const { exitCode, stdout } = await run("--match", "**:v*", "--yes");
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { dryRun: false, pods: "retained" }]);
    const [{ deleted, retained }] = JSON.parse(stdout).repositories;
    expect(deleted.flatMap(({ tags }: { tags: string[] }) => tags).toSorted()).toEqual(["v2", "v3"]);
    expect(retained).toMatchObject([{ tag: "v1", reason: "pod apps/web runs it" }]);
    expect(await tagsOf(proxy)).toEqual(["v1"]);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});

/** What `pulumi config --json` prints for a stack with a cluster. */
function config(folder: string) {
  const values = {
    containerRegistry: { host },
    variant: { kind: "cluster", tls: { kind: "private-ca" } },
    accounts: [{ name: "jenkins", push: ["**"], delete: ["**"] }],
  };
  const ours = Object.entries(values).map(([key, value]) => [`container-registry:${key}`, JSON.stringify(value)]);
  const cluster = [
    ["kubernetes:context", "dev"],
    ["kubernetes:kubeconfig", join(folder, "kubeconfig")],
  ];
  return Object.fromEntries([...ours, ...cluster].map(([key, value]) => [key, { value, secret: false }]));
}

function outputs(url: string) {
  const accounts = { jenkins: password("jenkins") };
  return { registryUrl: url, registryHost: host, imagePrefix: host, registryCa: "", accounts };
}

const kubeconfig = stringify({
  contexts: [{ name: "dev", context: { cluster: "dev", user: "dev" } }],
  clusters: [{ name: "dev", cluster: { server: "https://127.0.0.1:6443" } }],
  users: [{ name: "dev", user: {} }],
});

async function tagsOf(proxy: { url: string }): Promise<string[]> {
  return JSON.parse((await ask(proxy, "GET /v2/team-a/app/tags/list", jenkins)).text).tags.toSorted();
}
