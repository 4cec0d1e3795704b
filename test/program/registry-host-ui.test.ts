import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { RegistryHost } from "../../components/registry-host.ts";
import { ContainerRegistry } from "../../settings/container-registry.ts";
import { HostVariant } from "../../settings/variants/host.ts";
import { testOwner } from "./owner.ts";
import { type Recorded, recorded, resource } from "./recorded.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleWtleWtleWtleWtleWtleWtleWtleWtleWtleWtl";
const ssh = { kind: "ssh", address: "203.0.113.5", user: "ubuntu", hostKey };
const joxit = { kind: "joxit", image: { reference: `docker.io/joxit/docker-registry-ui@sha256:${"a".repeat(64)}` } };

/** The project's folder, in which Pulumi runs its program; `npm ci` has built the ui's files there. */
const checkout = join(import.meta.dirname, "../..");

async function created(variant: object): Promise<Recorded[]> {
  const args = {
    variant: HostVariant.parse({ kind: "host", connection: ssh, tls: { kind: "private-ca" }, ...variant }),
    containerRegistry: ContainerRegistry.parse({ host: "registry.example.org", account: "jenkins" }),
    accounts: [],
    owner: testOwner,
    sshPrivateKey: "an OpenSSH key",
  };
  return (await recorded(() => new RegistryHost("registry", args))).resources;
}

const script = (resources: Recorded[], type = "command:remote:Command", at = "203.0.113.5") =>
  String(resource(resources, type, `registry-apply@${at}`).inputs.create);

describe("a registry host's ui", () => {
  afterEach(() => process.chdir(checkout));

  it("is sent beside the command, which holds only its hashes", async () => {
    const resources = await created({ ui: { kind: "builtin" } });
    const { inputs } = resource(resources, "command:remote:CopyToRemote", "registry-page");
    expect(inputs.remotePath).toBe("/var/tmp/container-registry-ubuntu/registry-page");
    expect(await (inputs.source as pulumi.asset.FileArchive).path).toBe("ui/dist/");
    expect(script(resources)).not.toContain(readFileSync(join(checkout, "ui/dist/index.html"), "utf8"));
    expect(script(resources)).toMatch(/^[0-9a-f]{64} app\.js$/m);
    expect(resource(resources, "command:remote:Command", "registry-apply@203.0.113.5").dependencies.join()).toContain(
      "registry-page",
    );
  });

  it("is found from a program elsewhere that uses the package", async () => {
    process.chdir(join(checkout, "docs"));
    const { inputs } = resource(
      await created({ ui: { kind: "builtin" } }),
      "command:remote:CopyToRemote",
      "registry-page",
    );
    expect(await (inputs.source as pulumi.asset.FileArchive).path).toBe(`${checkout}/ui/dist/`);
  });

  it("is sent to a container by docker exec, and not sent to this machine", async () => {
    const inContainer = await created({
      ui: { kind: "builtin" },
      connection: { kind: "docker-container", name: "machine" },
    });
    expect(resource(inContainer, "command:local:Command", "registry-page").inputs.create).toBe(
      "tar -cf - -C ui/dist app.css app.js index.html | docker exec -i machine sh -c 'mkdir -p /var/tmp/container-registry-root/registry-page && tar -xf - -C /var/tmp/container-registry-root/registry-page'",
    );
    const here = await created({ ui: { kind: "builtin" }, connection: { kind: "local" } });
    expect(here.map(({ name }) => name)).not.toContain("registry-page");
    expect(script(here, "command:local:Command", "local")).toContain(`ui_sent=${checkout}/ui/dist`);
  });

  it("is joxit's with kind joxit: one more service, and nothing is sent", async () => {
    const resources = await created({ ui: joxit });
    expect(script(resources)).toContain(joxit.image.reference);
    expect(script(resources)).toContain("reverse_proxy 127.0.0.1:5001");
    expect(script(resources)).toMatch(/^ports='80 443 5000 5001'$/m);
    expect(resources.map(({ name }) => name)).not.toContain("registry-page");
  });

  it("does not exist by default", async () => {
    const text = script(await created({}));
    for (const word of ["/ui/*", "5001", "app.js"]) expect(text).not.toContain(word);
  });
});
