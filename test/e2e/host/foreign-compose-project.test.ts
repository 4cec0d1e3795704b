import { afterEach, describe, expect, it } from "vitest";
import { withWorld } from "../../with-world.ts";
import { composeProject, images, ours, startOldRegistries } from "../support/host/old-registries.ts";

const old = withWorld(() => startOldRegistries({ name: "foreign-project" }));

afterEach(() => old().clear());

describe("a foreign Compose project called container-registry", () => {
  const foreign = "/opt/container-registry";
  const refused =
    "this host has another Compose project called container-registry (container-registry-proxy-1 in /opt/container-registry, container-registry-registry-1 in /opt/container-registry)";

  it.each([{ takeOver: false }, { takeOver: true }])(
    "is refused by its folder and left running, with %o",
    async (variant) => {
      await old().machine.run(`${images}; ${composeProject(foreign)}`);
      const before = await old().everything();
      const { ok, words } = await old().host.apply(variant);
      expect(ok).toBe(false);
      expect(words).toContain(refused);
      expect(await old().everything()).toBe(before);
    },
  );

  it("is refused where it is stopped, too, since Compose would remove its containers", async () => {
    await old().machine.run(
      `${images}; ${composeProject(foreign)}; docker compose --project-directory ${foreign} stop`,
    );
    const before = await old().everything();
    expect((await old().host.apply()).words).toContain(refused);
    expect(await old().everything()).toBe(before);
  });

  it("is left alone by destroy", async () => {
    expect(await old().host.apply()).toMatchObject({ ok: true });
    await old().machine.run(
      "docker run --detach --name theirs --label com.docker.compose.project=container-registry --label com.docker.compose.project.config_files=/opt/container-registry/compose.yaml registry:2",
    );
    await old().host.remove();
    expect(await old().containers()).toBe("theirs running no");
  });

  it("is not what an operator's compose.override.yaml makes of this registry", async () => {
    expect(await old().host.apply()).toMatchObject({ ok: true });
    await old().machine.run(
      `printf 'services: { registry: { labels: { seen: "yes" } } }\\n' >/etc/container-registry/compose.override.yaml
       cd /etc/container-registry && docker compose up --detach && rm compose.override.yaml`,
    );
    expect(await old().host.apply()).toMatchObject({ ok: true });
    expect(await old().containers()).toBe(ours);
  });
});
