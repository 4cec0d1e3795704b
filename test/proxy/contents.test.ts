import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:tls";
import { describe, expect, it } from "vitest";
import { pushImage } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import { account, type StartedProxy, startProxy } from "../../lab/proxy/start-proxy.ts";
import { startTraefik } from "../../lab/proxy/start-traefik.ts";
import { readContents } from "../../operations/contents/read-contents.ts";
import { sizesOf } from "../../operations/contents/sizes.ts";
import { loginsOf } from "../../operations/registry-api/access.ts";
import { RegistryApi } from "../../operations/registry-api/registry-api.ts";
import { changed, hostStack, parsed } from "../unit/settings/stacks.ts";

const accounts = [
  account("jenkins", { push: ["team-a/**", "team-b/**"], delete: ["team-a/**"] }),
  account("reader", { pull: ["team-b/**"] }),
  account("writer", { push: ["secret/**"] }),
];

/** The API as commands open it for a stack with these accounts. */
function openedApi({ url }: { url: string }, names: readonly string[], ca = ""): RegistryApi {
  const given = accounts.filter(({ name }) => names.includes(name));
  const containerRegistry = { host: "registry.example.org" };
  const { settings } = parsed(changed(hostStack, { containerRegistry, accounts: given }));
  const outputs = { accounts: Object.fromEntries(names.map((name) => [name, password(name)])) };
  return new RegistryApi({ url, ca }, loginsOf({ settings }, outputs));
}

async function push(to: Pick<StartedProxy, "url">): Promise<string> {
  const layer = Buffer.alloc(5000, "shared");
  const { digest } = await pushImage(to, "team-a/app", "v1", layer, { basic: "jenkins" });
  await pushImage(to, "team-b/app", "v1", layer, { basic: "jenkins" });
  await pushImage(to, "secret/app", "v1", Buffer.from("secret"), { basic: "writer" });
  return digest;
}

describe("what a registry holds", () => {
  it.each([
    ["closed", true],
    ["open", false],
  ])("is read with the account that has the right where reads are %s", async (_, requiresAuthForPull) => {
    await using proxy = await startProxy({ accounts, requiresAuthForPull, catalogue: "accounts" });
    await push(proxy);
    using api = openedApi(proxy, ["jenkins", "reader", "writer"]);
    const names = await api.repositories();
    expect(names).toEqual(["secret/app", "team-a/app", "team-b/app"]);
    const contents = await readContents(api, names);
    expect(contents.denied).toEqual([]);
    const [secret, a, b] = sizesOf(contents).repositories;
    expect([secret?.shared, a?.shared, b?.shared]).toEqual([0, 5000, 5000]);
    expect([a?.tags, a?.images]).toEqual([1, 1]);
    expect([...(contents.repositories[1]?.manifests.values() ?? [])]).toMatchObject([
      { kind: "image", platform: "linux/amd64", layers: [{ size: 5000 }] },
    ]);
  });

  it("leaves out what no account may pull, and the list where nobody may have it", async () => {
    await using proxy = await startProxy({ accounts, requiresAuthForPull: true, catalogue: "closed" });
    await push(proxy);
    using api = openedApi(proxy, ["reader"]);
    await expect(api.repositories()).rejects.toThrow(
      /account reader may not list the repositories \(403.*\); name a repo/,
    );
    const { repositories, denied } = await readContents(api, ["team-a/app", "team-b/app"]);
    expect(repositories.map(({ name }) => name)).toEqual(["team-b/app"]);
    expect(denied.map(({ message }) => message)).toEqual([expect.stringContaining("may not pull from team-a/app")]);
  });

  it("is deleted by the account that may delete", async () => {
    await using proxy = await startProxy({ accounts, requiresAuthForPull: true });
    const digest = await push(proxy);
    using api = openedApi(proxy, ["jenkins", "reader"]);
    await api.deleteManifest("team-a/app", digest);
    expect(await api.manifest("team-a/app", digest)).toBeUndefined();
    expect(await api.tags("team-a/app")).toEqual([]);
    await expect(api.deleteManifest("team-b/app", digest)).rejects.toThrow(/may not delete in team-b\/app/);
  });

  it("has no referrers API, which is asked for once", async () => {
    await using proxy = await startProxy({ accounts });
    const digest = await push(proxy);
    using api = openedApi(proxy, ["jenkins"]);
    expect(await api.referrers("team-a/app", digest)).toBeUndefined();
  });

  it("is read behind Traefik, with the CA of the stack alone", async () => {
    const whole = [account("jenkins", { push: ["**"], delete: ["**"] })];
    await using traefik = await startTraefik({ accounts: whole });
    await pushImage(traefik, "team-a/app", "v1", Buffer.from("layer"), { basic: "jenkins" });
    using api = openedApi(traefik, ["jenkins"], await shownCertificate(traefik));
    expect((await readContents(api, ["team-a/app"])).repositories).toMatchObject([{ tags: [{ name: "v1" }] }]);
    using distrusting = openedApi(traefik, ["jenkins"]);
    await expect(distrusting.tags("team-a/app")).rejects.toThrow(
      /certificate is not valid here \(DEPTH_ZERO_SELF_SIGNED/,
    );
  });
});

/** The self-signed certificate of a server, in PEM. */
async function shownCertificate({ url }: { url: string }): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), servername: hostname, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return new X509Certificate(raw).toString();
}
