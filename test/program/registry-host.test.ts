import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import bcrypt from "bcryptjs";
import { describe, expect, it } from "vitest";
import { createOwner } from "../../components/create-owner.ts";
import { hostMove } from "../../components/host-move.ts";
import { RegistryHost } from "../../components/registry-host.ts";
import type { RegistryHostArgs } from "../../components/registry-host-args.ts";
import { Account } from "../../settings/accounts.ts";
import { Backup } from "../../settings/backup.ts";
import { ContainerRegistry } from "../../settings/container-registry.ts";
import { HostVariant } from "../../settings/variants/host.ts";
import { testOwner } from "./owner.ts";
import { isSecret, outputValue, recorded, resource, revealed } from "./recorded.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtleWtleWtleWtleWtleWtleWtleWtleWtleWtleWtleWtl";
const ssh = { kind: "ssh", address: "203.0.113.5", user: "ubuntu", hostKey };

function args(variant: object = {}, more: Partial<RegistryHostArgs> = {}): RegistryHostArgs {
  return {
    variant: HostVariant.parse({ kind: "host", connection: ssh, tls: { kind: "private-ca" }, ...variant }),
    containerRegistry: ContainerRegistry.parse({ host: "registry.example.org", account: "jenkins" }),
    accounts: [
      Account.parse({ name: "jenkins", push: ["**"] }),
      Account.parse({ name: "team-a", push: ["team-a/**"] }),
    ],
    owner: testOwner,
    sshPrivateKey: "an OpenSSH key",
    ...more,
  };
}

async function applied(given: RegistryHostArgs, at = "203.0.113.5") {
  const { created, resources } = await recorded(() => new RegistryHost("registry", given));
  return { created, resources, command: resource(resources, "command:remote:Command", `registry-apply@${at}`) };
}

/** What a preview shows, and the program's input decoded. */
function texts(inputs: Record<string, unknown>) {
  const lines = String(revealed(inputs.stdin)).split("\n");
  const files = lines.slice(2, -2).map((line) => line.split(" "));
  return {
    visible: `${inputs.create}\n${inputs.delete}`,
    secretFiles: Object.fromEntries(
      files.map(([mode, , path, text = ""]) => [`${mode} ${path}`, Buffer.from(text, "base64").toString()]),
    ),
  };
}

describe("RegistryHost", () => {
  it("creates one command for the whole host", async () => {
    const { resources } = await applied(args());
    expect(resources.filter(({ type }) => type.startsWith("command:"))).toHaveLength(1);
  });

  it("shows its settings to policies, and no secret", async () => {
    const backup = Backup.parse({ to: { kind: "directory", path: "/mnt/backup" } });
    const { resources } = await applied(args({}, { immutableTags: ["**:v*"], backup }));
    expect(resource(resources, "container-registry:host:RegistryHost", "registry").inputs).toEqual({
      account: "jenkins",
      requiresAuthForPull: false,
      tls: { kind: "private-ca", validityDays: 397, renewBeforeDays: 30 },
      accounts: [
        { name: "jenkins", push: ["**"], pull: [], delete: [] },
        { name: "team-a", push: ["team-a/**"], pull: [], delete: [] },
      ],
      immutableTags: ["**:v*"],
      backup,
    });
  });

  it("pins the host key and tries a limited number of connections", async () => {
    const { command } = await applied(args());
    expect(revealed(command.inputs.connection)).toMatchObject({
      host: "203.0.113.5",
      hostKey,
      dialErrorLimit: 4,
      perDialTimeout: 10,
    });
  });

  it("shows the rights of an account in the command, and none of its secrets", async () => {
    const { command } = await applied(args());
    const { visible } = texts(command.inputs);

    expect(visible).toContain("team-a/");
    for (const secret of ["-result", "-hash", "an OpenSSH key", "PEM\nregistry-ca-key"])
      expect(visible).not.toContain(secret);
  });

  it("sends hashes, tokens and keys as a secret by standard input, into files that only root can read", async () => {
    const { command } = await applied(args());
    const { secretFiles } = texts(command.inputs);

    expect(isSecret(command.inputs.stdin)).toBe(true);
    expect(Object.keys(secretFiles)).toEqual([
      "0600 /etc/container-registry/caddy/accounts.caddy",
      "0600 /etc/container-registry/caddy/tls/cert.pem",
      "0600 /etc/container-registry/caddy/tls/key.pem",
      "0600 /etc/container-registry/registry/config.yml",
    ]);
    expect(secretFiles["0600 /etc/container-registry/caddy/accounts.caddy"]).toContain(
      "$2a$10$registry-accounts-jenkins-password-hash",
    );
  });

  it("sends Traefik a users file for each right, which only root can read, and shows who has the right", async () => {
    const accounts = [
      Account.parse({ name: "jenkins", push: ["**"], delete: ["**"] }),
      Account.parse({ name: "cluster", pull: ["**"] }),
    ];
    const { command } = await applied(args({ proxy: "traefik" }, { accounts }));
    const { visible, secretFiles } = texts(command.inputs);
    const users = (right: string) => secretFiles[`0600 /etc/container-registry/traefik/accounts/${right}.htpasswd`];
    const line = (account: string) => `${account}:$2a$10$registry-accounts-${account}-password-hash\n`;

    expect(users("read")).toBe(line("jenkins") + line("cluster"));
    expect([users("push"), users("delete")]).toEqual([line("jenkins"), line("jenkins")]);
    expect(visible).toContain("read:\n      # jenkins, cluster\n");
    expect(visible).not.toMatch(/-hash|-result|caddy\/Caddyfile/);
  });

  it("makes Traefik read users and certificate again when one of them changes", async () => {
    const mark = async (more: Partial<RegistryHostArgs>) => {
      const { command } = await applied(args({ proxy: "traefik" }, more));
      return texts(command.inputs).secretFiles["0600 /etc/container-registry/traefik/dynamic/secrets.yml"];
    };
    const certificate = { chain: "chain", key: "key" };
    const provided = (chain: string) => ({
      ...args({ proxy: "traefik", tls: { kind: "provided" } }),
      certificate: { ...certificate, chain },
    });
    expect(await mark({})).toBe(await mark({}));
    expect(await mark({ passwords: { jenkins: "another" } })).not.toBe(await mark({}));
    expect(await mark(provided("one"))).not.toBe(await mark(provided("other")));
  });

  it("hashes a given password with a stored salt, so that the hash is the same in every run", async () => {
    const given = args({}, { passwords: { jenkins: "correct horse" } });
    const [one, two] = [await applied(given), await applied(given)];
    const hashes = [one, two].map(({ command }) => {
      const file = texts(command.inputs).secretFiles["0600 /etc/container-registry/caddy/accounts.caddy"];
      return file?.match(/"jenkins" "(\$2b\$[^"]+)"/)?.[1] ?? "none";
    });

    expect(hashes[0]).toBe(hashes[1]);
    expect(bcrypt.compareSync("correct horse", hashes[0] ?? "")).toBe(true);
    expect(await outputValue(one.created.endpoint.accounts)).toEqual({
      jenkins: "correct horse",
      "team-a": "registry-accounts-team-a-password-result",
    });
  });

  it("returns the CA with private-ca, and none with a public CA", async () => {
    const { created } = await applied(args());
    const acme = await applied(args({ tls: { kind: "acme", email: "ops@example.org" } }));

    expect(await outputValue(created.endpoint.ca)).toBe("registry-ca-ca PEM\n");
    expect(await outputValue(acme.created.endpoint.ca)).toBe("");
    expect(await outputValue(created.endpoint.url)).toBe("https://registry.example.org");
  });

  it("shows its command's text in the first preview, when its owner is not known yet", async () => {
    const given = () => ({
      ...args({ tls: { kind: "acme", email: "ops@example.org" } }),
      owner: createOwner({ takeOverFrom: [] }),
    });
    const { resources } = await recorded(() => new RegistryHost("registry", given()), { preview: true });
    const { inputs } = resource(resources, "command:remote:Command", "registry-apply@203.0.113.5");
    expect(inputs.create).toContain("bundle=registry\n");
  });

  it("has an application id that changes only with the address", async () => {
    const keepers = async (connection: object) =>
      resource(
        (await applied(args({ connection }))).resources,
        "random:index/randomId:RandomId",
        "registry-apply-application",
      ).inputs.keepers;
    expect(await keepers({ ...ssh, user: "root" })).toEqual({ machine: "203.0.113.5" });
  });

  it("reaches a host through its jump host with the same key", async () => {
    const jump = { address: "203.0.113.1", user: "jump", hostKey };
    const { command } = await applied(args({ connection: { ...ssh, jump } }), "203.0.113.5-via-203.0.113.1");
    expect(revealed(command.inputs.connection)).toMatchObject({ proxy: { host: "203.0.113.1", port: 22, hostKey } });
  });

  it("uses the SSH agent where the connection says so", async () => {
    const { command } = await applied(args({ connection: { ...ssh, agent: true } }));
    expect(revealed(command.inputs.connection)).not.toHaveProperty("privateKey");
  });

  it("serves the probe image only where nodes verify by pulling it", async () => {
    const line = async (given: RegistryHostArgs) => {
      const { command } = await applied(given);
      return /^probe_repository=.*$/m.exec(String(command.inputs.create))?.[0];
    };
    expect(await line(args())).toBe("probe_repository=''");
    expect(await line(args({}, { probed: true }))).toBe("probe_repository=container-registry-probe");
  });

  it("runs on this machine without SSH", async () => {
    const { resources } = await recorded(() => new RegistryHost("registry", args({ connection: { kind: "local" } })));
    expect(resource(resources, "command:local:Command", "registry-apply@local").inputs).not.toHaveProperty(
      "connection",
    );
  });
});

describe("another machine", () => {
  it("is an error that names both machines and the way out", () => {
    // test/engine/moves.test.ts shows that a preview ends with it.
    const { from, error } = hostMove(args().variant);
    expect(from).toBeUndefined();
    expect(error("203.0.113.1")).toContain(
      "the registry is on 203.0.113.1, and variant.connection leads to 203.0.113.5",
    );
    expect(error("203.0.113.1")).toContain('oldHost: { kind: stopped, address: "203.0.113.1" }');
  });

  it("becomes the host where the stack file says that the old one stops", async () => {
    const { command } = await applied(args({ oldHost: { kind: "stopped", address: "203.0.113.1" } }));
    expect(command.inputs.create).toContain("bundle=registry\n");
  });

  it("takes over while the old host answers pulls alone, without what changes its storage, and keeps its images", async () => {
    const old = { ...ssh, address: "203.0.113.1" };
    const given = args(
      { deleteData: true, oldHost: { kind: "read-only", connection: old } },
      { garbageCollection: { schedule: "daily", graceDays: 7 } as RegistryHostArgs["garbageCollection"] },
    );
    const { resources, command } = await applied(given);
    const former = resource(resources, "command:remote:Command", "registry-apply@203.0.113.1");

    expect(revealed(former.inputs.connection)).toMatchObject({ host: "203.0.113.1" });
    expect(former.dependencies.join()).toContain("registry-apply@203.0.113.5");
    expect(former.inputs.create).toContain("this one is read-only");
    expect(former.inputs.create).toContain("moves_to=203.0.113.5\n");
    expect(former.inputs.create).not.toContain("container-registry-collect.service");
    expect(former.inputs.delete).toContain("delete_data=false\n");
    expect(command.inputs.create).not.toContain("this one is read-only");
    expect(command.inputs.create).toContain("container-registry-collect.service");
  });

  it("is not the one that the stack file says stops", async () => {
    const given = args({ oldHost: { kind: "stopped", address: "203.0.113.5" } });
    await expect(recorded(() => new RegistryHost("registry", given))).rejects.toThrow(
      "variant.oldHost: 203.0.113.5 is",
    );
  });
});

describe("an image archive", () => {
  const archive = "package.json";
  const images = { proxy: { reference: `sha256:${"a".repeat(64)}`, archive } };
  const sha256 = createHash("sha256").update(readFileSync(archive)).digest("hex");

  it("goes to a folder of the SSH user, which is created first", async () => {
    const { resources, command } = await applied(args({ images }));
    const folder = resource(resources, "command:remote:Command", "registry-sending-folder");
    const sent = resource(resources, "command:remote:CopyToRemote", "registry-proxy-image");
    expect(folder.inputs.create).toContain("mkdir -m 0700");
    expect(folder.inputs.triggers).toEqual([sha256, "@203.0.113.5"]);
    expect(sent.inputs.remotePath).toBe("/var/tmp/container-registry-ubuntu/registry-proxy-image.tar");
    expect(sent.dependencies.join()).toContain("registry-sending-folder");
    expect(command.dependencies.join()).toContain("registry-proxy-image");
  });

  it("is identified on the host by its hash", async () => {
    const { command } = await applied(args({ images }));
    expect(String(command.inputs.create)).toContain(
      `${images.proxy.reference} ${sha256} /var/tmp/container-registry-ubuntu/registry-proxy-image.tar`,
    );
  });

  it("goes into a container the same way", async () => {
    const connection = { kind: "docker-container", name: "machine" };
    const { resources } = await recorded(() => new RegistryHost("registry", args({ images, connection })));
    const folder = resource(resources, "command:local:Command", "registry-sending-folder");
    const sent = resource(resources, "command:local:Command", "registry-proxy-image");
    expect(folder.inputs.create).toMatch(/^docker exec machine sh -c 'folder=\/var\/tmp\/container-registry-root\n/);
    expect(sent.inputs.create).toContain("cat > /var/tmp/container-registry-root/registry-proxy-image.tar");
    expect(sent.dependencies.join()).toContain("registry-sending-folder");
  });

  it("stays where it is on the machine that Pulumi runs on", async () => {
    const { resources } = await recorded(
      () => new RegistryHost("registry", args({ images, connection: { kind: "local" } })),
    );
    const { inputs } = resource(resources, "command:local:Command", "registry-apply@local");
    expect(resources.filter(({ type }) => type.startsWith("command:"))).toHaveLength(1);
    expect(String(inputs.create)).toContain(`${images.proxy.reference} ${sha256} ${resolve(archive)}`);
  });
});
