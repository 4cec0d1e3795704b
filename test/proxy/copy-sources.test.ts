import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ask } from "../../lab/proxy/ask.ts";
import { privateCa } from "../../lab/proxy/certificate.ts";
import { pushImage } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { startDistribution } from "../../lab/proxy/start-distribution.ts";
import { startProxy } from "../../lab/proxy/start-proxy.ts";
import { startReferrersRegistry } from "../../lab/proxy/start-referrers-registry.ts";
import { startTokenServer, type TokenServer } from "../../lab/proxy/token-server.ts";
import { withFreshWorld } from "../with-world.ts";
import { type CopyWorld, copyWorld } from "./support/copy-world.ts";
import { digestAt, layer, listedAt, pushReferrer, pushSigned } from "./support/signed-image.ts";

const helper = `[ "$1" = get ] || exit 1
  printf '{"ServerURL":"%s","Username":"reader","Secret":"${password("reader")}"}' "$(cat)"`;

const world = withFreshWorld((cleanup) => copyWorld(cleanup, { "docker-credential-lab": helper }));

/** The stack's registry, with TLS and a private CA of the stack's own. */
async function startDestination({ asStack }: CopyWorld) {
  const ca = await privateCa("the stack's CA");
  const proxy = await startProxy({ tls: { kind: "files" } }, { certificate: await ca.issue("localhost") });
  await asStack({ url: proxy.url, ca: ca.certificate });
  return proxy;
}

/** Has docker, and so the command, trust a CA for one registry. */
async function trust({ atHome }: CopyWorld, host: string, ca: { certificate: string }): Promise<void> {
  await atHome(join(".docker/certs.d", host, "ca.crt"), ca.certificate);
}

describe("registry copy over TLS, with a private CA on either side", () => {
  it("copies from distribution with a token service on another port, by docker's login or credential helper", async () => {
    const { copy, dockerLogin, atHome } = world();
    await using destination = await startDestination(world());
    const ca = await privateCa("the source's CA");
    await using tokens = await startTokenServer({
      certificate: await ca.issue("localhost"),
      service: "container_registry",
      allows: (name, { type, name: repository, actions }) =>
        actions.every((action) => action === "pull") &&
        (name === "reader" ? type === "repository" : repository === "open/app"),
    });
    const certificate = await ca.issue("localhost");
    await using source = await startDistribution({ certificate, auth: { kind: "token", server: tokens } });
    const { index, manifests, sboms } = await pushSigned(source, "shop/app", "v1", { as: pusher(tokens, "shop/app") });
    await pushImage(source, "open/app", "v1", layer("open"), pusher(tokens, "open/app"));

    const untrusted = await copy(`${source.host}/shop`, "--match", "app");
    expect(untrusted.error).toMatch(
      /its certificate is not valid here .*\/etc\/docker\/certs\.d\/localhost:\d+\/ca\.crt/,
    );
    await trust(world(), source.host, ca);
    const anonymous = await copy(`${source.host}/shop`, "--match", "app");
    expect(anonymous.error).toContain(`clients without credentials may not pull from shop/app`);
    expect(await copy(source.host, "--match", "open/app")).toMatchObject({ exitCode: 0, copied: 1 });
    await dockerLogin(source.url, "reader", "another-password");
    const wrong = await copy(`${source.host}/shop`, "--match", "app");
    expect(wrong.error).toContain("account reader may not pull from shop/app");

    await dockerLogin(source.url, "reader");
    const before = tokens.requests.length;
    expect(await copy(`${source.host}/shop`, "--match", "app", "--to", "moved")).toMatchObject({
      exitCode: 0,
      from: source.url,
      to: destination.url,
      copied: 4,
      differences: [],
    });
    for (const { digest } of [index, ...manifests, ...sboms])
      expect(await digestAt(destination, "moved/app", digest)).toBe(digest);
    const asked = tokens.requests.slice(before);
    // One token for all comparisons, and one for each process of regctl.
    expect(asked.length).toBeGreaterThan(4);
    for (const request of asked)
      expect(request).toEqual({
        account: "reader",
        service: "container_registry",
        scopes: ["repository:shop/app:pull"],
      });

    await pushImage(source, "shop/app", "v2", layer("v2"), pusher(tokens, "shop/app"));
    await atHome(".docker/config.json", JSON.stringify({ credHelpers: { [source.host]: "lab" } }));
    expect(await copy(`${source.host}/shop`, "--match", "app", "--to", "moved")).toMatchObject({
      exitCode: 0,
      copied: 1,
    });
  });

  it("copies all of a distribution with passwords of its own", async () => {
    const { copy, dockerLogin } = world();
    await using destination = await startDestination(world());
    const ca = await privateCa("the source's CA");
    const auth = { kind: "htpasswd", passwords: { jenkins: password("jenkins") } } as const;
    await using source = await startDistribution({ certificate: await ca.issue("localhost"), auth });
    const { index } = await pushSigned(source, "shop/app", "v1");
    await pushImage(source, "web", "v1", layer("web"), { basic: "jenkins" });
    await trust(world(), source.host, ca);

    const anonymous = await copy(source.host);
    expect(anonymous.error).toMatch(/clients without credentials may not list .*; docker login localhost:\d+/);
    await dockerLogin(source.url, "jenkins");
    expect(await copy(source.host)).toMatchObject({ exitCode: 0, copied: 5, repositories: 2, differences: [] });
    expect(await digestAt(destination, "shop/app", "v1")).toBe(index.digest);
    expect(await copy(source.host, "--check")).toMatchObject({ exitCode: 0, copied: 0 });
  });
});

describe("registry copy from a registry with the referrers API", () => {
  it("copies what that API alone lists, and sees what the destination lacks of it", async () => {
    const { asStack, copy } = world();
    await using source = await startReferrersRegistry();
    await using destination = await startProxy();
    await asStack(destination);
    const anyone = { as: {}, hasReferrersApi: true };
    const { index, manifests, sboms } = await pushSigned(source, "shop/app", "v1", anyone);
    // A bundle of sigstore signs an SBOM, which is a referrer itself.
    const bundle = await pushReferrer(source, "shop/app", sboms[0], anyone.as);

    const v1 = ["--match", "shop/app:v1"];
    const problem = async () => (await copy(source.url, ...v1, "--check")).differences[0]?.problem;
    expect(await copy(source.url, ...v1)).toMatchObject({ exitCode: 0, copied: 2, differences: [] });
    for (const { digest } of [index, ...manifests, ...sboms, bundle])
      expect(await digestAt(destination, "shop/app", digest)).toBe(digest);
    // The destination has no such API: there a tag lists them.
    expect(await listedAt(destination, "shop/app", index)).toEqual([sboms[0]?.digest]);
    expect(await listedAt(destination, "shop/app", sboms[0])).toEqual([bundle.digest]);

    const later = await pushReferrer(source, "shop/app", index, anyone.as, "scanned later");
    expect(await problem()).toBe(`does not list ${later.digest} as a referrer of ${index.digest}`);
    expect(await copy(source.url, ...v1)).toMatchObject({ exitCode: 0, differences: [] });
    expect(await digestAt(destination, "shop/app", later.digest)).toBe(later.digest);

    // By distribution's own port, so that the list of referrers stays.
    await ask({ url: destination.registryUrl }, `DELETE /v2/shop/app/manifests/${bundle.digest}`);
    expect(await problem()).toBe(`lacks the manifest ${bundle.digest}`);
    expect(await copy(source.url, ...v1)).toMatchObject({ exitCode: 0, differences: [] });
    expect(await digestAt(destination, "shop/app", bundle.digest)).toBe(bundle.digest);
  });
});

/** A client that pushes with a token that the service signs for it. */
function pusher(tokens: TokenServer, repository: string) {
  const token = tokens.token([{ type: "repository", name: repository, actions: ["pull", "push"] }]);
  return { headers: { authorization: `Bearer ${token}` } };
}
