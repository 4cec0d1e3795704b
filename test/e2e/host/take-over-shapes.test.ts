import { afterEach, describe, expect, it } from "vitest";
import { withWorld } from "../../with-world.ts";
import { answers, composeProject, images, listed, ours, startOldRegistries } from "../support/host/old-registries.ts";

const old = withWorld(() => startOldRegistries({ name: "shapes" }));

afterEach(() => old().clear());

const stopped = (...names: string[]) => names.map((name) => `${name} exited no`).join("\n");
const putBack = () => old().machine.run("/var/lib/container-registry/take-over/put-back");

describe("takeOver adopts", () => {
  it("a registry on a Compose network that publishes no port, behind a proxy in the same project", async () => {
    await old().machine.run(`${images}; ${composeProject("/home/registry")}`);
    const { ok, words } = await old().host.apply({ takeOver: true });
    expect({ ok, words }).toMatchObject({ ok: true });
    expect(words).toContain("found on port 80: the container registry-proxy-1 (caddy:2)");
    expect(words).toContain(
      "found the old registry: the container registry-registry-1 (registry:2), with its images in /opt/old",
    );
    expect(await old().catalogue()).toBe(listed);
    expect(await old().containers()).toBe(`${ours}\n${stopped("registry-proxy-1", "registry-registry-1")}`);
    expect((await old().machine.attempt("ls /var/lib/container-registry/take-over")).stdout).toBe("put-back");

    await putBack();
    expect(await old().containers()).toBe("registry-proxy-1 running always\nregistry-registry-1 running always");
    await old().machine.run(answers(80));
    expect(await old().catalogue(80)).toBe(listed);
  });

  it("a named volume, which Docker goes on to own", async () => {
    await old().machine.run(
      `docker volume create old && cp --archive /opt/seed/. /var/lib/docker/volumes/old/_data/
       htpasswd -Bbc /opt/htpasswd ci secret
       docker run --detach --name registry --restart on-failure:3 --publish 5000:5000 --volume old:/var/lib/registry \\
         --volume /opt/htpasswd:/htpasswd:ro --env REGISTRY_AUTH=htpasswd --env REGISTRY_AUTH_HTPASSWD_REALM=r \\
         --env REGISTRY_AUTH_HTPASSWD_PATH=/htpasswd registry:2
       ${answers(5000)}`,
    );
    const open = await old().host.apply({ takeOver: true });
    expect(open).toMatchObject({ ok: false, words: expect.stringContaining("asks for a password before each pull") });
    expect(await old().containers()).toBe("registry running on-failure");
    const { ok, words } = await old().host.apply({ takeOver: true }, { requiresAuthForPull: true });
    expect({ ok, words }).toMatchObject({ ok: true });
    expect(words).toContain("the images stay in a volume of Docker's: keep it");
    expect(await old().catalogue()).toBe(listed);
    await putBack();
    expect(await old().machine.run("docker inspect --format '{{json .HostConfig.RestartPolicy}}' registry")).toBe(
      '{"Name":"on-failure","MaximumRetryCount":3}',
    );
  });

  it("a volume with a device of its own, which is mounted only while the old one runs", async () => {
    await old().machine.run(
      `${images}
       docker volume create --opt type=none --opt o=bind --opt device=/opt/old old
       docker run --detach --name registry --publish 5000:5000 --volume old:/var/lib/registry registry:2
       ${answers(5000)}`,
    );
    expect(await old().host.apply({ takeOver: true })).toMatchObject({ ok: true });
    expect(await old().catalogue()).toBe(listed);
    expect(await old().machine.run("readlink /srv/data/registry")).toBe("/opt/old");
  });

  it("a registry on another port, behind a proxy that is a service", async () => {
    await old().machine.run(
      `${images}
       docker run --detach --name registry --restart always --publish 127.0.0.1:5050:5000 --volume /opt/old:/data \\
         --env REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=/data registry:2
       printf ':80 {\\n\\treverse_proxy 127.0.0.1:5050\\n}\\n' >/etc/caddy/Caddyfile
       systemctl enable --now caddy
       ${answers(5050)}`,
    );
    expect(await old().host.apply({ takeOver: true })).toMatchObject({ ok: true });
    expect(await old().catalogue()).toBe(listed);
    expect(await old().containers()).toBe(`${ours}\n${stopped("registry")}`);
    expect((await old().machine.attempt("systemctl is-enabled caddy")).stdout).toBe("disabled");
  });

  it("a registry that is a service of systemd and runs as root", async () => {
    await old().machine.run(
      `${images}; ${service("ExecStart=/usr/local/bin/docker-registry serve /etc/registry.yml")}`,
    );
    expect(await old().host.apply({ takeOver: true })).toMatchObject({ ok: true });
    expect(await old().catalogue()).toBe(listed);
    expect((await old().machine.attempt("systemctl is-enabled registry")).stdout).toBe("disabled");
    await putBack();
    await old().machine.run(answers(5000));
    expect(await old().catalogue()).toBe(listed);
  });

  it("the rest, where an earlier take-over was cut off between two stops", async () => {
    await old().machine.run(`${images}; ${composeProject("/home/registry")}`);
    // This fake `docker` kills the host's script after its first `docker stop`, so that the script cannot undo what it did.
    await old().machine.run(
      `mv /usr/bin/docker /usr/bin/docker.real
       cat >/usr/bin/docker <<'END'
#!/bin/sh
[ "$1" = stop ] || exec docker.real "$@"
docker.real "$@"
kill -KILL $(cut -c 5- /var/lib/container-registry/lock | cut -d , -f 1) $PPID
END
       chmod 0755 /usr/bin/docker`,
    );
    const cut = await old().host.apply({ takeOver: true });
    await old().machine.run("mv /usr/bin/docker.real /usr/bin/docker");
    expect(cut.ok).toBe(false);
    expect(await old().containers()).toContain("registry-proxy-1 exited no");

    expect(await old().host.apply({ takeOver: true })).toMatchObject({ ok: true });
    expect(await old().catalogue()).toBe(listed);
    await putBack();
    expect(await old().containers()).toBe("registry-proxy-1 running always\nregistry-registry-1 running always");
  });
});

const service = (start: string, user = "root") => `
  sed 's|/var/lib/registry|/opt/old|; s|addr: :5000|addr: 127.0.0.1:5000|' /etc/registry-config.yml >/etc/registry.yml
  printf '[Service]\\n%s\\nUser=%s\\n[Install]\\nWantedBy=multi-user.target\\n' '${start}' ${user} >/etc/systemd/system/registry.service
  systemctl daemon-reload && systemctl enable --now registry
  ${answers(5000)}`;

const run = "docker run --detach --name registry --publish 5000:5000";

describe("takeOver refuses, and leaves running,", () => {
  it.each<[string, string, string[]]>([
    [
      "a registry that keeps its images in S3",
      `${run} --env REGISTRY_STORAGE=s3 --env REGISTRY_STORAGE_S3_REGION=eu-west-1 --env REGISTRY_STORAGE_S3_BUCKET=images \\
         --env REGISTRY_STORAGE_S3_REGIONENDPOINT=http://127.0.0.1:9 --env REGISTRY_STORAGE_S3_ACCESSKEY=a --env REGISTRY_STORAGE_S3_SECRETKEY=b registry:2`,
      ["the container registry (registry:2) keeps its images in s3", "skopeo sync"],
    ],
    [
      "a registry that holds no images",
      `${run} --volume /opt/old:/var/lib/registry registry:2`,
      ["the container registry (registry:2) holds no images in /opt/old"],
    ],
    [
      "a registry with its images inside the container",
      `${run} --env REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=/images registry:2; docker exec registry mkdir -p /images`,
      ["keeps its images in /images, which is no folder of this host", "set variant.storagePath"],
    ],
    [
      "a container that Docker deletes when it stops",
      `${images}; ${run} --rm --volume /opt/old:/var/lib/registry registry:2`,
      ["the container registry (registry:2) was started with --rm"],
    ],
    [
      "a container that a unit starts",
      `${images}; ${service("ExecStart=/usr/bin/docker run --name registry --publish 5000:5000 --volume /opt/old:/var/lib/registry registry:2")}`,
      ["the container registry (registry:2) is started by the service registry.service"],
    ],
    [
      "images of another user's",
      `${images}; useradd --system docker-registry 2>/dev/null || :; chown -R docker-registry /opt/old
       ${service("ExecStart=/usr/local/bin/docker-registry serve /etc/registry.yml", "docker-registry")}`,
      ["the images of the service registry.service belong to the user docker-registry", "chown -R 0:0 /opt/old/docker"],
    ],
    [
      // As one of Podman, a rootless Docker or Kubernetes is: in a mount namespace that is none of this Docker's.
      "a registry in a container of another engine",
      `${images}; mkdir -p /var/lib/registry
       ${service(`ExecStart=/usr/bin/unshare --mount sh -c "mount --bind /opt/old /var/lib/registry && exec docker-registry serve /etc/registry-config.yml"`)}`,
      ["keeps its images in /var/lib/registry, which is no folder of this host"],
    ],
    [
      "a proxy without a registry",
      "printf ':80 {\\n\\trespond ok\\n}\\n' >/etc/caddy/Caddyfile; systemctl enable --now caddy",
      ["no registry runs on this host, only the service caddy.service"],
    ],
    [
      "several registries, none of which holds a port",
      `${images}
       for number in 1 2; do docker run --detach --name registry-$number --volume /opt/old:/data-$number registry:2; done`,
      [
        "several registries run on this host: the container registry-1 (registry:2), the container registry-2 (registry:2)",
      ],
    ],
  ])("%s", async (_, arrange, said) => {
    await old().machine.run(arrange);
    await old().machine.run("timeout 60 sh -c 'until pgrep --full \"[r]egistry serve|[c]addy\"; do sleep 0.1; done'");
    const before = await old().everything();
    const { ok, words } = await old().host.apply({ takeOver: true });
    expect(ok).toBe(false);
    for (const text of ["variant.takeOver stopped nothing", ...said]) expect(words).toContain(text);
    expect(await old().everything()).toBe(before);
  });

  it("nothing at all, where no registry is and none was", async () => {
    const { ok, words } = await old().host.apply({ takeOver: true });
    expect(ok).toBe(false);
    expect(words).toContain("no registry runs on this host, and /srv/data/registry holds no images");
  });

  it.each([
    ["its own node's port", "mode=host,published=5000,target=5000"],
    ["the routing mesh", "published=5000,target=5000"],
  ])("a Swarm service behind %s", async (_, publish) => {
    const swarm = await old().machine.attempt("docker swarm init --advertise-addr 127.0.0.1");
    if (!swarm.ok) {
      process.stderr.write(`not tested with Swarm, which does not start here: ${swarm.output}\n`);
      return;
    }
    await old().machine.run(
      `${images}
       docker service create --detach --name old --publish ${publish} \\
         --mount type=bind,source=/opt/old,target=/var/lib/registry registry:2
       timeout 60 sh -c 'until pgrep --full "[r]egistry serve"; do sleep 0.1; done'`,
    );
    const { ok, words } = await old().host.apply({ takeOver: true });
    const tasks = await old().machine.run("docker service ps --format '{{.CurrentState}}' old");
    await old().machine.run("docker swarm leave --force");
    expect(ok).toBe(false);
    expect(words).toMatch(/variant\.takeOver stopped nothing: .* Swarm service/);
    expect(tasks).toMatch(/^Running/);
  });
});

describe("a take-over whose old registry comes back by itself", () => {
  it("fails, and returns to what was", async () => {
    await old().machine.run(
      `${images}; ${run} --restart always --volume /opt/old:/var/lib/registry registry:2
       ${answers(5000)}
       systemd-run --unit watchdog sh -c 'while sleep 0.05; do docker start registry; done'`,
    );
    const { ok, words } = await old().host.apply({ takeOver: true });
    await old().machine.run("systemctl stop watchdog");
    expect(ok).toBe(false);
    expect(words).toContain("port 5000 is held by the container registry (registry:2) after the take-over");
    expect(await old().containers()).toBe("registry running always");
    expect(await old().catalogue()).toBe(listed);
  });
});
