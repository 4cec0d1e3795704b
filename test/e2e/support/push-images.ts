import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clients } from "../../../lab/clients/clients.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";
import { type MachineDocker, machineDocker } from "../../../lab/hosts/machine-docker.ts";
import { crane } from "./crane.ts";
import type { RegistryStack } from "./host/registry-stack.ts";
import { registryCommand } from "./registry-command.ts";

/** A registry without anonymous pull, and a machine with Docker that trusts this registry. */
export type Pushing = {
  registry: RegistryStack;
  client: Machine;
  host: string;
  /** The name of an account that may push. `pulling` is an account that may only pull. */
  pushing: string;
  pulling: string;
  /** The passwords by account name. */
  passwords: Record<string, string>;
};

/** The tests of `registry push-images`, which pushes with a machine's own Docker. */
export function pushesBaseImages(table: () => Pushing): void {
  let folder: string;
  let docker: MachineDocker;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "push-images-"));
    docker = await machineDocker(table().client);
    for (const language of ["c", "java"]) {
      await mkdir(join(folder, language));
      await writeFile(join(folder, language, "Dockerfile.base"), `FROM scratch\nCOPY Dockerfile.base /${language}\n`);
    }
    // Not for an up: a ConfigMap would need a cluster.
    await configure({
      pipelineConfig: { namespace: "ci", baseImages: { prefix: "whanos", languages: ["c", "java"] } },
      containerRegistry: { ...containerRegistry(), pathPrefix: "p2c" },
    });
  });
  afterAll(async () => {
    await configure({ pipelineConfig: undefined, containerRegistry: containerRegistry() });
    await docker[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const configure = (keys: Record<string, unknown>) => table().registry.stack.setConfig(keys);
  const containerRegistry = () => ({ host: table().host, account: table().pushing, requiresAuthForPull: true });
  const credentials = (name: string) => ({ name, password: table().passwords[name] ?? "" });
  const variables = () => ({
    WHANOS_BASE_IMAGE_C: `${table().host}/p2c/whanos-c:latest`,
    WHANOS_BASE_IMAGE_JAVA: `${table().host}/p2c/whanos-java:latest`,
  });
  const pushImages = (...args: string[]) =>
    registryCommand(table().registry.stack, ["push-images", folder, "--json", ...args], "", docker.env).result;

  it("builds and logs in alone with --no-push", async () => {
    const { exitCode, stdout } = await pushImages("--no-push");
    expect({ exitCode, said: JSON.parse(stdout) }).toEqual({
      exitCode: 0,
      said: { pushed: false, variables: variables() },
    });
    const { client, host, pushing } = table();
    expect(await crane(client, ["ls", `${host}/p2c/whanos-c`], credentials(pushing))).toMatchObject({ ok: false });
  });

  it("pushes an image a language, and prints how pipelines find it", async () => {
    const { exitCode, stdout, output } = await pushImages();
    expect({ exitCode, said: JSON.parse(stdout) }).toEqual({
      exitCode: 0,
      said: { pushed: true, variables: variables() },
    });
    const { client, host, pushing, pulling } = table();
    expect(output).not.toContain(credentials(pushing).password);
    for (const reference of Object.values(variables()))
      expect(await clients.docker.pull(client, reference, credentials(pulling))).toMatchObject({ ok: true });
    expect(await client.run("cat /root/.docker/config.json 2>&1 || :")).not.toContain(host);
  });

  it("names a Dockerfile that is missing, before anything is built", async () => {
    await rm(join(folder, "java"), { recursive: true });
    const { exitCode, output } = await pushImages();
    expect(exitCode).toBe(1);
    expect(output).toContain(`error: missing: ${folder}/java/Dockerfile.base; add them`);
  });
}
