import { describe, expect, it } from "vitest";
import { type Machine, startMachine } from "../../../lab/hosts/machine.ts";
import { registryImage } from "../../../lab/images/registry-images.ts";
import { startLab } from "../../../lab/lab.ts";
import { withWorld } from "../../with-world.ts";

const machine = withWorld(() =>
  startMachine({
    name: "lab-test",
    names: ["lab-test.lab.test", "other.lab.test"],
    disks: { "/srv": 16 },
  }),
);

describe("a machine", () => {
  it("has booted without a failed unit", async () => {
    expect(await machine().run("systemctl is-system-running")).toBe("running");
  });

  it("lets its operator and root in by key, operator with sudo, and counts the connections", async () => {
    const before = await machine().sshConnections();
    expect(await ssh(machine(), "operator", "sudo -n id --user --name")).toBe("root");
    expect(await ssh(machine(), "root", "id --user --name")).toBe("root");
    expect(await machine().sshConnections()).toBe(before + 2);
  });

  it("runs Docker and Compose v2 of its own", async () => {
    expect(await machine().run("docker info --format '{{.Driver}}'")).toBe("overlay2");
    expect(await machine().run("docker compose version --short")).toMatch(/^2\./);
  });

  it("may have a disk that fills up", async () => {
    const { ok, output } = await machine().attempt("head -c 20M /dev/zero >/srv/big");
    expect(ok).toBe(false);
    expect(output).toContain("No space left on device");
  });
});

describe("the proxy's image", () => {
  it("starts with NET_BIND_SERVICE alone, as the official one", async () => {
    const id = await loaded("proxy");
    const options = "--detach --name proxy --network host --read-only --cap-drop ALL --cap-add NET_BIND_SERVICE";
    await machine().run(
      `docker run ${options} ${id} && curl --silent --retry 20 --retry-connrefused --retry-delay 1 127.0.0.1`,
    );
    await machine().run("docker rm --force proxy");
  });

  it("does not start without it, as the official one", async () => {
    const id = await loaded("proxy");
    const { ok, output } = await machine().attempt(`timeout 60 docker run --rm --cap-drop ALL ${id}`);
    expect(ok).toBe(false);
    expect(output).toContain("operation not permitted");
  });
});

describe("the registry's image", () => {
  it.each(["registry", "registry-v2"] as const)(
    "%s serves, with the shell and wget a health check needs",
    async (name) => {
      const id = await loaded(name);
      await machine().run(
        `docker run --detach --name ${name} --read-only --cap-drop ALL --volume /root/data:/var/lib/registry ${id}`,
      );
      const ping = "until wget -q -O- http://127.0.0.1:5000/v2/; do sleep 0.1; done";
      expect(await machine().run(`docker exec ${name} timeout 60 sh -c "$1"`, { args: [ping] })).toBe("{}");
      await machine().run(`docker rm --force ${name}`);
    },
  );
});

describe("the lab's DNS", () => {
  it("knows a machine by every name of it, and no other name", async () => {
    expect(await machine().run("getent hosts other.lab.test")).toMatch(new RegExp(`^${machine().address}\\s`));
    expect((await machine().attempt("getent hosts nobody.lab.test")).ok).toBe(false);
  });
});

describe("the lab's ACME server", () => {
  it("answers to machines that trust its directory's CA", async () => {
    const { acme } = await startLab();
    await machine().copyTo(acme.directoryCaFile, "/root/directory-ca.pem");
    const answer = await machine().run(`curl --silent --fail --cacert /root/directory-ca.pem ${acme.directory}`);
    expect(JSON.parse(answer)).toHaveProperty("newOrder");
    expect(await acme.root()).toContain("BEGIN CERTIFICATE");
  });

  it("is not trusted by machines that do not", async () => {
    const { acme } = await startLab();
    expect((await machine().attempt(`curl --silent --show-error ${acme.directory}`)).output).toContain("certificate");
  });
});

async function loaded(name: "registry" | "proxy" | "registry-v2"): Promise<string> {
  const { id, archive } = await registryImage(name);
  if (!(await machine().attempt(`docker image inspect ${id}`)).ok) {
    await machine().copyTo(archive, "/root/image.tar");
    await machine().run("docker load --input /root/image.tar && rm /root/image.tar");
  }
  return id;
}

/** Runs a command over SSH. The client machine runs ssh, because the machine that runs the lab may have no ssh. */
async function ssh({ connection, keys, address, run }: Machine, user: string, command: string): Promise<string> {
  const known = `${address} ${connection.hostKey}\n`;
  return run(
    `umask 077; cat >/root/key; echo "$1" >/root/known
     ssh -i /root/key -o UserKnownHostsFile=/root/known -o BatchMode=yes "$2@$3" "$4"`,
    { input: keys.privateKey, args: [known, user, address, command] },
  );
}
