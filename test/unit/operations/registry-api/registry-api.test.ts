import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Logins } from "../../../../operations/registry-api/access.ts";
import { RegistryApi } from "../../../../operations/registry-api/registry-api.ts";
import { type Answering, FakeRegistry } from "./fake-registry.ts";

let registry: FakeRegistry;
let api: RegistryApi;
const login = { username: "jenkins", password: "correct horse" };
const basic = `Basic ${Buffer.from("jenkins:correct horse").toString("base64")}`;

function open(logins: Logins = () => login): void {
  api?.[Symbol.dispose]();
  api = new RegistryApi({ url: registry.url, ca: "" }, logins);
}

beforeEach(async () => {
  registry = await FakeRegistry.start();
  open();
});
afterEach(() => {
  api[Symbol.dispose]();
  registry[Symbol.dispose]();
});

const errorOf = async (asked: Promise<unknown>): Promise<string> => {
  const { name, message } = await asked.then(
    () => new Error("nothing failed"),
    (error: Error) => error,
  );
  expect(message).not.toContain("correct horse");
  return `${name}: ${message.replaceAll(registry.url, "URL")}`;
};

it("sends nothing more once it is disposed of, as after Ctrl-C", async () => {
  const silent = vi.fn(() => true);
  registry.instead = silent;
  for (let number = 0; number < 100; number++) void api.tags(`team/app-${number}`).catch(() => {});
  await vi.waitUntil(() => silent.mock.calls.length > 0);
  await setTimeout(50);
  const asked = silent.mock.calls.length;
  expect(asked).toBeLessThan(100);
  api[Symbol.dispose]();
  await setTimeout(100);
  expect(silent).toHaveBeenCalledTimes(asked);
});

describe("the lists of repositories and tags", () => {
  it("are read page by page", async () => {
    registry.pageSize = 3;
    const names = Array.from({ length: 10 }, (_, index) => `team/app-${index}`);
    for (const name of names) for (const tag of ["a", "b", "c", "d"]) registry.image(name, tag, ["layer"]);
    expect(await api.repositories()).toEqual(names);
    expect(await api.tags("team/app-0")).toEqual(["a", "b", "c", "d"]);
  });

  it("tell a repository without tags from none", async () => {
    registry.image("app", undefined, ["layer"]);
    expect(await api.tags("app")).toEqual([]);
    expect(await api.tags("other")).toBeUndefined();
  });

  it("may be null, as distribution answers where every tag was deleted", async () => {
    registry.instead = ({ response }) => !!response.end('{"name":"app","tags":null}');
    expect(await api.tags("app")).toEqual([]);
  });

  it("end where a page names itself as the next", async () => {
    registry.instead = ({ request, response }) => {
      response.writeHead(200, { link: `<${request.url}>; rel="next"` }).end('{"repositories":["app"]}');
      return true;
    };
    expect(await api.repositories()).toEqual(["app"]);
  });

  it("are an error if a page answers instead", async () => {
    registry.instead = ({ response }) => !!response.end("<html>");
    expect(await errorOf(api.repositories())).toBe("OperationError: URL/v2/_catalog is no list as registries give it");
  });

  it("are an error with the next step at a registry that has no list", async () => {
    registry.instead = ({ response }) => !!response.writeHead(404).end();
    expect(await errorOf(api.repositories())).toContain(
      "lists no repositories, as some products do; name a repository",
    );
  });
});

describe("the digest of a tag", () => {
  it("is asked for by HEAD, and is undefined where there is no such tag", async () => {
    const digest = registry.image("app", "v1", ["layer"]);
    expect(await api.digest("app", "v1")).toBe(digest);
    expect(await api.digest("app", "v2")).toBeUndefined();
    expect(registry.requests).toEqual(["HEAD /v2/app/manifests/v1", "HEAD /v2/app/manifests/v2"]);
  });

  it("is that of the text where the registry does not tell", async () => {
    const text = '{"schemaVersion":2}';
    registry.instead = ({ response }) => !!response.writeHead(200).end(text);
    expect(await api.digest("app", "v1")).toBe(`sha256:${createHash("sha256").update(text).digest("hex")}`);
  });
});

describe("a manifest", () => {
  it("is read by tag and by digest, and is undefined where it is not there", async () => {
    const digest = registry.image("app", "v1", ["layer"]);
    expect((await api.manifest("app", "v1"))?.digest).toBe(digest);
    expect((await api.manifest("app", digest))?.mediaType).toContain("manifest");
    expect(await api.manifest("app", "v2")).toBeUndefined();
  });

  it("has a digest even if the registry does not name it", async () => {
    const digest = registry.image("app", "v1", ["layer"]);
    const text = registry.repositories.get("app")?.manifests.get(digest)?.text;
    registry.instead = ({ response }) => !!response.end(text);
    expect((await api.manifest("app", "v1"))?.digest).toBe(digest);
  });

  it("counts as deleted if it is gone already", async () => {
    const digest = registry.image("app", "v1", ["layer"]);
    await api.deleteManifest("app", digest);
    await api.deleteManifest("app", digest);
    expect(await api.manifest("app", digest)).toBeUndefined();
  });
});

it("the referrers API is asked for once if the registry does not have it", async () => {
  const digest = registry.image("app", "v1", ["layer"]);
  const referrers = () => api.referrers("app", digest);
  const all = [...(await Promise.all([referrers(), referrers(), referrers()])), await referrers()];
  expect(all).toEqual([undefined, undefined, undefined, undefined]);
  expect(registry.requests).toHaveLength(1);
});

describe("authentication", () => {
  /** Answers every request without the header by this challenge. */
  const requires =
    (header: string, challenge: string) =>
    ({ request, response }: Answering): boolean => {
      if (request.headers.authorization === header || request.url?.startsWith("/token")) return false;
      response.writeHead(401, { "www-authenticate": challenge }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
      return true;
    };

  it("sends a password where the registry asks for it, and asks once for each repository", async () => {
    registry.instead = requires(basic, 'Basic realm="r"');
    registry.image("app", "v1", ["layer"]);
    await api.tags("app");
    await api.manifest("app", "v1");
    expect(registry.requests).toHaveLength(3);
  });

  it("requests one token for each repository and right, also of requests at the same time", async () => {
    const scopes: string[] = [];
    const guard = requires("Bearer t", `Bearer realm="${registry.url}/token",service="s"`);
    registry.instead = (answering) => {
      const { request, response } = answering;
      if (!request.url?.startsWith("/token")) return guard(answering);
      expect(request.headers.authorization).toBe(basic);
      scopes.push(new URL(request.url, registry.url).searchParams.get("scope") ?? "");
      response.end('{"token":"t"}');
      return true;
    };
    const digest = registry.image("app", "v1", ["layer"]);
    await Promise.all(Array.from({ length: 20 }, () => api.manifest("app", "v1")));
    await api.repositories();
    await api.deleteManifest("app", digest);
    expect(scopes).toEqual(["repository:app:pull", "registry:catalog:*", "repository:app:pull,delete"]);
  });

  it("requests another token once one has expired", async () => {
    let current = 0;
    registry.instead = (answering) => {
      const { request, response } = answering;
      if (!request.url?.startsWith("/token"))
        return requires(`Bearer ${current}`, `Bearer realm="${registry.url}/token"`)(answering);
      response.end(`{"token":"${current}"}`);
      return true;
    };
    registry.image("app", "v1", ["layer"]);
    await api.tags("app");
    current++;
    expect(await api.tags("app")).toEqual(["v1"]);
  });

  it("names the account and the right where the registry denies it", async () => {
    registry.instead = ({ response }) => !!response.writeHead(403).end('{"errors":[{"code":"DENIED"}]}');
    expect(await errorOf(api.tags("app"))).toBe(
      "DeniedError: URL: account jenkins may not pull from app (403 DENIED); see that the account has that right and its password is the registry's: pulumi up",
    );
    expect(await errorOf(api.repositories())).toContain(
      "may not list the repositories (403 DENIED); name a repository",
    );
    open(() => undefined);
    expect(await errorOf(api.tags("app"))).toContain("give an account of the stack that right: accounts[].pull");
  });

  it("sends no password to a token server without TLS if the registry has TLS", async () => {
    registry.instead = requires("", 'Bearer realm="ftp://elsewhere/token"');
    expect(await errorOf(api.tags("app"))).toContain("the token server that it names has no TLS");
  });

  it("sends no credentials to the store that a blob is redirected to", async () => {
    using store = await FakeRegistry.start();
    let sent: string | undefined = "none yet";
    store.instead = ({ request, response }) => {
      sent = request.headers.authorization;
      response.end("a config");
      return true;
    };
    const guard = requires(basic, "Basic");
    registry.instead = (answering) =>
      guard(answering) || !!answering.response.writeHead(307, { location: `${store.url}/blob` }).end();
    expect([await api.blob("app", "sha256:0"), sent]).toEqual(["a config", undefined]);
  });
});

describe("a failing registry", () => {
  it.each([500, 503, 429])("is asked again once after %d", async (status) => {
    registry.image("app", "v1", ["layer"]);
    registry.instead = ({ response }) => registry.requests.length === 1 && !!response.writeHead(status).end();
    expect(await api.tags("app")).toEqual(["v1"]);
  });

  it("is asked again once after it closed the connection", async () => {
    registry.image("app", "v1", ["layer"]);
    registry.instead = ({ request }) => registry.requests.length === 1 && !!request.socket.destroy();
    expect(await api.tags("app")).toEqual(["v1"]);
  });

  it("is asked as often as whoever opened it wants", async () => {
    registry.image("app", "v1", ["layer"]);
    registry.instead = ({ request, response }) =>
      registry.requests.length < 4 &&
      !!(registry.requests.length % 2 ? request.socket.destroy() : response.writeHead(500).end());
    using patient = new RegistryApi({ url: registry.url, ca: "" }, () => undefined, { tries: 4 });
    expect(await patient.tags("app")).toEqual(["v1"]);
  });

  it("is not asked again by whoever has given up", async () => {
    const arrived = new Promise<void>((resolve) => {
      registry.instead = () => {
        resolve();
        return true;
      };
    });
    const asked = errorOf(api.requireRegistry());
    await arrived;
    api[Symbol.dispose]();
    expect(await asked).toContain("cannot connect to URL");
    expect(registry.requests).toEqual(["GET /v2/"]);
  });

  it("is an error with the next step after the second failure", async () => {
    registry.instead = ({ response }) => !!response.writeHead(500).end('{"errors":[{"code":"UNKNOWN"}]}');
    expect(await errorOf(api.tags("app"))).toBe(
      "OperationError: URL/v2/app/tags/list answers 500 UNKNOWN; see the registry's log, then run this again",
    );
    expect(registry.requests).toHaveLength(2);
  });

  it("is an error that names it where nobody listens", async () => {
    registry[Symbol.dispose]();
    expect(await errorOf(api.tags("app"))).toContain(": connect ECONNREFUSED");
  });
});

it("no more than 16 requests are under way at a time", async () => {
  let [now, most] = [0, 0];
  registry.image("app", "v1", ["layer"]);
  registry.instead = ({ response }) => {
    most = Math.max(most, ++now);
    response.on("finish", () => now--);
    return false;
  };
  await Promise.all(Array.from({ length: 100 }, () => api.manifest("app", "v1")));
  expect(most).toBeLessThanOrEqual(16);
});
