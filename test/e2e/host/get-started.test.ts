import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { trust } from "../../../lab/clients/clients.ts";
import { offerComposePackage } from "../../../lab/hosts/compose-package.ts";
import { startMachine } from "../../../lab/hosts/machine.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { startLab } from "../../../lab/lab.ts";
import { temporaryFolder, withWorld } from "../../with-world.ts";
import { busyboxIsThere, haveBusybox } from "../support/docs-pages/busybox.ts";
import { docsPage } from "../support/docs-pages/docs-page.ts";
import { reader } from "../support/docs-pages/reader.ts";

const page = docsPage("get-started.md");
// Not below .test: Let's Encrypt would not know such a name, and `registry init` says so.
const host = "get-started.example.org";

/** A machine before its first boot: Debian with its cloud-init, and without the lab's own logins and host key. */
const asFromTheCloud = `
  apt-get update -q && apt-get install -qy --no-install-recommends cloud-init
  systemctl stop ssh
  rm /etc/ssh/sshd_config.d/lab.conf
  userdel operator
  # The address is Docker's, and so is the host name. A cloud's image also has Debian's package locales.
  printf '%s\\n' 'datasource_list: [NoCloud]' 'network: {config: disabled}' 'preserve_hostname: true' 'locale: false' >/etc/cloud/cloud.cfg.d/99_lab.cfg
  mkdir -p /var/lib/cloud/seed/nocloud
  echo 'instance-id: lab' >/var/lib/cloud/seed/nocloud/meta-data`;

/** cloud-init's four stages, in the order in which a boot starts them; sshd starts after the second. */
const firstBoot = `
  cat >/var/lib/cloud/seed/nocloud/user-data
  cloud-init schema --config-file /var/lib/cloud/seed/nocloud/user-data
  systemctl daemon-reload
  systemctl start cloud-init-local cloud-init
  systemctl start ssh
  systemctl start cloud-config cloud-final
  cat /run/cloud-init/result.json`;

const world = withWorld(async ({ use, defer }) => {
  const lab = await startLab();
  const [machine, client] = await Promise.all([
    startMachine({ name: "get-started", kind: "bare", names: [host], debianMirror: true }),
    startMachine({ name: "get-started-client", kind: "client" }),
  ]);
  for (const each of [machine, client]) use(each);
  await machine.run(asFromTheCloud, { timeoutSeconds: 300 });
  await offerComposePackage(machine);
  await trust(client, host, await lab.acme.root());
  await haveBusybox(client);
  const folder = temporaryFolder({ defer }, "get-started");
  const values = { "registry.example.org": host, "203.0.113.5": machine.address, NAME: "team" };
  return { lab, machine, client, person: await reader({ folder, values, docker: client }) };
});

describe("docs/get-started.md, one VM", () => {
  const ran = { output: "", boot: "", userData: "" };

  beforeAll(async () => {
    const { person } = world();
    await person.follow(page, "First, for all of them");
    ran.output = await person.follow(page, "One VM", {
      after: { "npm run -s registry -- cloud-init": boot },
      before: { "pulumi up": inTheLab },
      notRun: busyboxIsThere,
    });
    ran.userData = await readFile(join(person.project, "user-data.yaml"), "utf8");
    await person.follow(page, "The user data is a secret.");
  }, 1_800_000);

  async function boot() {
    const { machine, person } = world();
    const userData = await readFile(join(person.project, "user-data.yaml"), "utf8");
    ran.boot = await machine.run(firstBoot, { input: userData, timeoutSeconds: 300 });
  }

  /** The lab's ACME server in the place of Let's Encrypt, and archives where no image registry can be reached. */
  async function inTheLab() {
    const { lab, person } = world();
    const file = join(person.project, "Pulumi.team.yaml");
    const document = parseDocument(await readFile(file, "utf8"));
    const variant = ["config", "container-registry:variant"];
    document.setIn([...variant, "tls", "directory"], lab.acme.directory);
    document.setIn([...variant, "tls", "directoryCa"], lab.acme.directoryCaFile);
    for (const name of ["registry", "proxy"] as const) {
      const { id, archive } = await registryImage(name);
      document.setIn([...variant, "images", name], { reference: id, archive });
    }
    await writeFile(file, document.toString());
  }

  it("has user data that Debian's cloud-init calls valid and carries out", () => {
    expect(ran.boot).toContain("Valid cloud-config");
    expect(JSON.parse(ran.boot.slice(ran.boot.indexOf("{")))).toEqual({
      v1: { datasource: expect.stringMatching(/^DataSourceNoCloud /), errors: [] },
    });
  });

  it("has no login on the machine but the operator's key", async () => {
    const { machine } = world();
    expect(await machine.run("stat --format '%a %U' /etc/ssh/ssh_host_ed25519_key; ls /etc/ssh/*_key")).toBe(
      "600 root\n/etc/ssh/ssh_host_ed25519_key",
    );
    expect(await machine.run("sshd -T | grep -E '^(passwordauthentication|permitrootlogin)'")).toContain(
      "passwordauthentication no",
    );
    expect(await machine.run("passwd --status ubuntu | cut -d ' ' -f 2; sudo -u ubuntu sudo -n id -u")).toBe("L\n0");
  });

  it("ends with an image that anybody pulls, and with a host key that was never in the user data", async () => {
    const { machine, person } = world();
    expect(ran.output).toContain("installing Docker");
    expect(ran.output).toContain("Login Succeeded");
    expect(ran.output).toContain("Status: Downloaded newer image for get-started.example.org/busybox:1");
    const { config } = parse(await readFile(join(person.project, "Pulumi.team.yaml"), "utf8"));
    const [type, key] = (await machine.run("cat /etc/ssh/ssh_host_ed25519_key.pub")).split(" ");
    expect(config["container-registry:variant"].connection.hostKey).toContain(`${type} ${key}`);
    expect(ran.userData).toContain("ed25519_public: ssh-ed25519 ");
    expect(ran.userData).not.toContain(key);
  });

  it("goes away again, and leaves the images", async () => {
    const { machine, person } = world();
    await person.follow(page, "And away again");
    expect(await readdir(person.project)).not.toContain("Pulumi.team.yaml");
    expect(await machine.run("docker ps --quiet; ls /srv/data/registry/docker/registry/v2/repositories")).toBe(
      "busybox",
    );
  });
});
