import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offerComposePackage } from "../../lab/compose-package.ts";
import { type RegistryStack, registryStack } from "./registry-stack.ts";

describe("a machine without Docker", () => {
  let registry: RegistryStack;

  beforeAll(async () => {
    registry = await registryStack({ name: "nothing-installed", machine: { kind: "bare", debianMirror: true } });
    await offerComposePackage(registry.machine);
  });
  afterAll(() => registry?.[Symbol.asyncDispose]());

  it("is left as it is unless the stack asks, and the error says what is missing", async () => {
    await expect(registry.stack.up()).rejects.toThrow(
      "missing on this host: Docker Compose-v2; set variant.installDocker: true",
    );
    expect((await registry.machine.attempt("command -v docker")).ok).toBe(false);
  });

  it("gets Docker and Compose from its distribution's packages, and serves", async () => {
    await registry.stack.setConfig({ variant: { ...registry.variant, installDocker: true } });
    await registry.stack.up();
    expect(await registry.machine.run("dpkg-query --show docker.io docker-compose-v2")).toMatch(
      /docker-compose-v2.*\ndocker\.io/,
    );
    expect(await registry.machine.run(`curl --silent --insecure https://${registry.host}/v2/_catalog`)).toContain(
      "repositories",
    );
  });
});
