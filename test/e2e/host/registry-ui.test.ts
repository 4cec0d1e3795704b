import { readFile, utimes } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { trust } from "../../../lab/clients/clients.ts";
import { joxitImage } from "../../../lab/images/joxit-image.ts";
import { withWorld } from "../../with-world.ts";
import { hostFiles } from "../support/host/host-state.ts";
import { registryStack } from "../support/host/registry-stack.ts";
import { request } from "../support/request.ts";

const pagePath = "/etc/container-registry/caddy/ui";

const world = withWorld(async ({ use }) => {
  const html = await built("index.html");
  const registry = use(await registryStack({ name: "page-on-host", variant: { ui: { kind: "builtin" } } }));
  await registry.stack.up();
  await trust(registry.machine, registry.host, String((await registry.stack.outputs()).registryCa));
  return { html, registry };
});

/** A built file's text without its last newline, as answers that a machine's curl prints lack it, too. */
const built = async (name: string) => (await readFile(`ui/dist/${name}`, "utf8")).trimEnd();
const ask = (path: string, method?: string) => {
  const { machine, host } = world().registry;
  return request(machine, `https://${host}${path}`, { method });
};
const up = async (variant: Record<string, unknown>) => {
  const { registry } = world();
  await registry.stack.setConfig({ variant: { ...registry.variant, ...variant } });
  return registry.stack.up();
};

describe("ui builtin", () => {
  it("serves the ui as it was built, without credentials", async () => {
    const { status, body, headers } = await ask("/ui/");
    expect([status, body]).toEqual([200, world().html]);
    expect(headers.toLowerCase()).toContain("content-security-policy: default-src 'none'");
    for (const name of ["app.js", "app.css"]) expect((await ask(`/ui/${name}`)).body).toBe(await built(name));
  });

  it("names images by the registry's host", async () => {
    expect(JSON.parse((await ask("/ui/config.json")).body)).toEqual({ host: world().registry.host });
  });

  it("came over one connection beside those of the images, of the folder for both and of the host itself", async () => {
    const { registry } = world();
    expect(await registry.machine.sshConnections()).toBe(5);
    expect(await registry.machine.run("ls /var/tmp")).toBe("");
  });

  it("keeps the ui out of the state", async () => {
    const { html, registry } = world();
    const state = JSON.stringify(await registry.stack.exportState({ showSecrets: true }));
    const script = await built("app.js");
    for (const text of [html.slice(0, 60), script.slice(0, 60), script.slice(-60)])
      expect(state).not.toContain(JSON.stringify(text).slice(1, -1));
  });

  it("is not sent again, nor its container touched, by a second up", async () => {
    const { registry } = world();
    const before = await hostFiles(registry.machine);
    await utimes("ui/dist/index.html", new Date(), new Date());
    const { stdout } = await registry.stack.up();
    expect(stdout).not.toMatch(/created|updated|replaced|deleted/);
    expect(await hostFiles(registry.machine)).toBe(before);
  });

  it("comes back as it was where somebody changed it, with the next change of anything", async () => {
    const { html, registry } = world();
    await registry.machine.run(`echo changed >${pagePath}/index.html`);
    await up({ ui: { kind: "builtin" }, catalogue: "accounts" });
    expect((await ask("/ui/")).body).toBe(html);
  });

  it("that is deleted from the host makes up fail with the next step", async () => {
    const { html, registry } = world();
    await registry.machine.run("rm -r /var/lib/container-registry/page");
    await registry.stack.setConfig({ variant: { ...registry.variant, ui: { kind: "builtin" } } });
    const { exitCode, output } = await registry.stack.startUp().result;
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /the ui's file \S+ is missing on this host, or is not the one that was built; change variant.generation/,
    );
    expect((await ask("/ui/")).body).toBe(html);
  });
});

describe("ui joxit", () => {
  beforeAll(async () => {
    const { id, archive } = await joxitImage();
    await up({ ui: { kind: "joxit", image: { reference: id, archive } } });
  });

  it("replaces this project's ui, reads the API of the same origin and deletes nothing", async () => {
    const { status, body } = await ask("/ui/");
    expect(status).toBe(200);
    expect(body).toContain(`pull-url="${world().registry.host}"`);
    expect(body).toContain('registry-url="/."');
    expect(body).toContain('is-image-remove-activated="false"');
  });

  it("has no way past the proxy", async () => {
    expect(await world().registry.machine.run("ss -Hltn 'sport = :5001' | awk '{ print $4 }'")).toBe("127.0.0.1:5001");
  });

  it("runs as a user without rights", async () => {
    const inspect = "docker inspect --format '{{.Config.User}} {{.HostConfig.CapDrop}}' container-registry-ui-1";
    expect(await world().registry.machine.run(inspect)).toBe("101:101 [ALL]");
  });

  it("leaves nothing of the builtin ui", async () => {
    expect((await world().registry.machine.attempt(`ls ${pagePath} /var/lib/container-registry/page`)).stdout).toBe("");
  });
});

describe("ui none", () => {
  it("leaves neither files nor container of a ui", async () => {
    await up({ ui: { kind: "none" } });
    expect((await ask("/ui/")).status).toBe(404);
    expect(await world().registry.machine.run("docker ps --all --format '{{.Names}}' | sort")).toBe(
      "container-registry-proxy-1\ncontainer-registry-registry-1",
    );
  });

  it("is what destroy leaves, too", async () => {
    const { registry } = world();
    await up({ ui: { kind: "builtin" } });
    await registry.stack.destroy();
    expect((await registry.machine.attempt("ls /etc/container-registry /var/lib/container-registry/page")).stdout).toBe(
      "",
    );
  });
});
