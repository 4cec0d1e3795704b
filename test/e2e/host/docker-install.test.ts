import { beforeAll, describe, expect, it } from "vitest";
import { offerComposePackage } from "../../../lab/hosts/compose-package.ts";
import { withWorld } from "../../with-world.ts";
import { registryStack } from "../support/host/registry-stack.ts";

const registry = withWorld(() =>
  registryStack({ name: "docker-install", machine: { kind: "bare", debianMirror: true } }),
);

describe("up on a machine without Docker", () => {
  it("fails without installDocker, names what is missing, and installs nothing", async () => {
    const { exitCode, output } = await registry().stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toContain("missing on this host: Docker Compose-v2; set variant.installDocker: true");
    expect((await registry().machine.attempt("command -v docker")).ok).toBe(false);
  });
});

// These tests cover only distributions that have a package with Compose v2. On others, such as Debian 12, `up` installs
// Docker's
// own packages, whose server cannot be reached from the lab. test/unit/hosts/docker-install.test.ts tests that choice.
describe("up with installDocker, on a fake of a distribution that carries Compose v2", () => {
  beforeAll(async () => {
    await offerComposePackage(registry().machine);
    await registry().stack.setConfig({ variant: { ...registry().variant, installDocker: true } });
    const { output } = await registry().stack.up();
    expect(output).toContain("installing Docker Compose-v2");
  });

  it("installs the distribution's packages", async () => {
    expect((await registry().machine.run("dpkg --list docker.io docker-compose-v2")).match(/^ii {2}\S+/gm)).toEqual([
      "ii  docker-compose-v2",
      "ii  docker.io",
    ]);
  });

  it("serves", async () => {
    const ask = 'curl --silent --fail --cacert /etc/container-registry/ca.pem "https://$1/v2/_catalog"';
    expect(await registry().machine.run(ask, { args: [registry().host] })).toBe('{"repositories":[]}');
  });

  it("starts Docker and the registry with the machine", async () => {
    expect(await registry().machine.run("systemctl is-enabled docker container-registry")).toBe("enabled\nenabled");
  });
});
