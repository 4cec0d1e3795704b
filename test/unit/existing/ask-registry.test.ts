import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { askRegistry } from "../../../existing/ask-registry.ts";
import type { Plan } from "../../../existing/plan.ts";
import { privateCa } from "../../../lab/proxy/certificate.ts";

const login = { username: "ci-bot", password: "the password" };
const repository = "p2c/probe";
/** Generous: these servers answer, however busy the machine is. */
const long = { totalSeconds: 25, silentSeconds: 25 };
const brief = { totalSeconds: 1, silentSeconds: 0.5 };

type Handler = (request: IncomingMessage, response: ServerResponse, url: string) => void;

type Server = {
  url: string;
  /** Every request, with the scheme of its credentials. */
  requests: string[];
  close: () => void;
};

/** A server that answers as no registry of this project's does, until the test ends. */
async function serve(handler: Handler, tls?: { cert: string; key: string }): Promise<Server> {
  const requests: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { authorization = "" } = request.headers;
    requests.push(`${request.method} ${request.url} ${authorization.split(" ")[0]}`.trim());
    handler(request, response, url);
  };
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  const url = `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, requests, close };
}

const plan = (url: string, changes: Partial<Plan> = {}): Plan => ({
  ...{ url, repository, requiresAuthForPush: true, requiresAuthForPull: true },
  ...changes,
});

async function errorOf(url: string, changes: Partial<Plan> = {}): Promise<string> {
  const error: unknown = await askRegistry(plan(url, changes), login, long).then(
    (summary) => new Error(`nothing was refused: ${JSON.stringify(summary)}`),
    (error) => error,
  );
  const { name, message } = error as Error;
  expect(message).not.toMatch(/the password|ci-bot/);
  expect(`${name}: ${message}`).toMatch(/^RegistryError: /);
  return message.replaceAll(url, "URL");
}

async function warnings(url: string, changes: Partial<Plan> = {}, limits = long): Promise<string[]> {
  const summary = await askRegistry(plan(url, changes), login, limits);
  expect(JSON.stringify(summary)).not.toMatch(/the password|ci-bot/);
  return summary.warnings.map((warning) => warning.replaceAll(url, "URL"));
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = "{}"): Handler =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

describe("what is no registry is told from one, and sent no credentials", () => {
  it.each<[string, Handler, string]>([
    [
      "a page for every path",
      answer(200, { "content-type": "text/html; charset=utf-8" }, "<html>"),
      "answers 200 with a page",
    ],
    [
      "a product whose registry has a port of its own",
      answer(404, { "content-type": "text/html" }),
      "answers 404, so no registry serves there",
    ],
    [
      "a login by Kerberos",
      answer(401, { "www-authenticate": "Negotiate" }),
      "answers 401, so no registry serves there",
    ],
    [
      "a login page elsewhere",
      answer(302, { location: "https://sso.example.org/login?to=%2Fv2%2F" }),
      "is redirected (302) to https://sso.example.org",
    ],
    [
      "plain HTTP led to HTTPS",
      (_, response, url) => answer(301, { location: url.replace("http", "https") })(_, response, url),
      "variant.tls where it is the same host by https",
    ],
  ])("%s", async (_, handler, words) => {
    const { url, requests } = await serve(handler);
    expect(await errorOf(url)).toContain(words);
    expect(requests).toEqual(["GET /v2/"]);
  });

  it("what speaks no HTTP", async () => {
    const { url } = await serve((_, response) => response.socket?.end("220 smtp.example.org ESMTP\r\n"));
    expect(await errorOf(url)).toContain("answers, but not as a registry (HPE_INVALID_CONSTANT)");
  });

  it("an answer without an end", async () => {
    const { url } = await serve((_, response) => {
      const more = () => response.write("x".repeat(65_536), () => setImmediate(more));
      response.on("error", () => {}).writeHead(200, { "content-type": "application/json" });
      more();
    });
    expect(await errorOf(url)).toContain("answers, but not as a registry (EMSGSIZE)");
  });
});

describe("what cannot be asked from this machine is a warning", () => {
  it("a port that nobody listens on", async () => {
    const { url, close } = await serve(answer(200));
    close();
    expect(await warnings(url)).toEqual([
      expect.stringMatching(
        /^URL could not be asked from this machine: 127\.0\.0\.1:\d+: nobody listens there \(ECONNREFUSED\)\. Nodes may be able to connect to it/,
      ),
    ]);
  });

  it("a name that leads nowhere", async () => {
    const [warning] = await warnings("https://registry.invalid");
    expect(warning).toMatch(/^URL could not be asked .* registry\.invalid: .*(ENOTFOUND|EAI_AGAIN)/);
  });

  it("a server that says nothing", async () => {
    const { url } = await serve(() => {});
    expect(await warnings(url, {}, brief)).toEqual([expect.stringContaining("nothing was heard in time (ETIMEDOUT)")]);
  });

  it("a server that never ends what it says", async () => {
    const { url } = await serve((_, response) => {
      const drip = setInterval(() => response.write(" "), 50);
      response.writeHead(200, { "content-type": "application/json" }).on("close", () => clearInterval(drip));
    });
    expect(await warnings(url, {}, brief)).toEqual([expect.stringContaining("no answer within 1 s")]);
  });

  it.each([403, 429, 500, 502, 503])("one that answers %i to whoever asks", async (status) => {
    const { url, requests } = await serve(answer(status));
    expect(await warnings(url)).toEqual([
      expect.stringContaining(`answers ${status === 403 ? "this machine 403" : status}`),
    ]);
    expect(requests).toEqual(["GET /v2/"]);
  });
});

describe("a token server", () => {
  /** A registry that takes the tokens which `token` gives, and does what `registry` says once they are there. */
  const withTokens =
    (token: Handler, registry: Handler): Handler =>
    (request, response, url) => {
      if (request.url?.startsWith("/token")) return token(request, response, url);
      if (request.headers.authorization?.startsWith("Bearer ")) return registry(request, response, url);
      return answer(401, { "www-authenticate": `Bearer realm="${url}/token?a=b",service="a service"` })(
        request,
        response,
        url,
      );
    };

  it("is asked for the one right that a request takes, and the upload is cancelled with it", async () => {
    const { url, requests } = await serve(
      withTokens(answer(200, {}, '{"access_token":"opaque.token"}'), (request, response) => {
        if (request.url === "/v2/") response.end("{}");
        else if (request.method === "POST")
          response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/1?state=x` }).end();
        else response.writeHead(request.method === "DELETE" ? 204 : 404).end();
      }),
    );
    expect(await warnings(url)).toEqual([]);
    expect(requests.filter((line) => / (Basic|Bearer)$/.test(line))).toEqual([
      "GET /token?a=b&service=a+service Basic",
      "GET /v2/ Bearer",
      "GET /token?a=b&service=a+service&scope=repository%3Ap2c%2Fprobe%3Apull%2Cpush Basic",
      `POST /v2/${repository}/blobs/uploads/ Bearer`,
      `DELETE /v2/${repository}/blobs/uploads/1?state=x Bearer`,
      "GET /token?a=b&service=a+service&scope=repository%3Ap2c%2Fprobe%3Apull Basic",
      `GET /v2/${repository}/manifests/does-not-exist Bearer`,
    ]);
  });

  it.each([401, 403])("that answers %i refuses the login", async (status) => {
    const { url } = await serve(withTokens(answer(status), answer(200)));
    expect(await errorOf(url)).toContain(`refuses registryUsername with registryPassword (${status})`);
  });

  it("that gives a token for nothing, which the registry refuses, refuses the login", async () => {
    const { url } = await serve(withTokens(answer(200, {}, '{"token":"worthless"}'), answer(401)));
    expect(await errorOf(url)).toContain("refuses registryUsername with registryPassword (401)");
  });

  it("that gives no token without a scope is asked for the rights themselves", async () => {
    const { url } = await serve(
      withTokens(
        (request, response) => {
          const scoped = request.url?.includes("scope=");
          response.writeHead(scoped ? 200 : 400).end(scoped ? '{"token":"t"}' : "{}");
        },
        (request, response) =>
          response.writeHead(request.method === "POST" ? 403 : 200).end('{"errors":[{"code":"DENIED"}]}'),
      ),
    );
    expect(await errorOf(url)).toContain(`registryUsername may not push to ${repository} (403 DENIED)`);
  });

  it.each([
    [200, "no JSON"],
    [200, '{"token":"two\\nlines"}'],
    [200, "null"],
    [404, "{}"],
  ])("that answers %i with %s is none", async (status, body) => {
    const { url } = await serve(withTokens(answer(status, {}, body), answer(401)));
    expect(await errorOf(url)).toContain(`its token server URL answers ${status} without a token`);
  });

  it("that is busy is a warning", async () => {
    const { url } = await serve(withTokens(answer(503), answer(401)));
    expect(await warnings(url)).toEqual([expect.stringContaining("its token server URL answers 503")]);
  });

  it.each(["nowhere", "ftp://auth.example.org/"])("called %s is sent no password", async (realm) => {
    const { url } = await serve(answer(401, { "www-authenticate": `Bearer realm="${realm}"` }));
    expect(await errorOf(url)).toContain("and so is sent no password");
  });

  it("without TLS is sent no password by a registry that has it", async () => {
    const ca = await privateCa("Container Registry Lab");
    const { url } = await serve(
      (_, response, url) => {
        const realm = url.replace("https", "http");
        answer(401, { "www-authenticate": `Bearer realm="${realm}/token"` })(_, response, url);
      },
      await ca.issue("127.0.0.1"),
    );
    expect(await errorOf(url, { ca: ca.certificate })).toContain(
      `is ${url.replace("https", "http")}, without TLS, and so is sent no password`,
    );
  });

  it("that refuses anybody without a login is a warning where pulls need none: what is missing may be kept secret", async () => {
    const { url } = await serve(withTokens(answer(401, { "www-authenticate": "Basic" }), answer(401)));
    const open = { requiresAuthForPush: false, requiresAuthForPull: false };
    const { warnings } = await askRegistry(plan(url, open), undefined, long);
    expect(warnings).toEqual([expect.stringContaining("set it to true, or name a repository that is public")]);
  });
});

describe("a registry that asks for the login itself", () => {
  const basic =
    (handler: Handler): Handler =>
    (request, response, url) =>
      request.headers.authorization?.startsWith("Basic ")
        ? handler(request, response, url)
        : answer(401, { "www-authenticate": 'Basic realm="Registry"' })(request, response, url);

  it("says of each push it will not take that the right is missing", async () => {
    const { url } = await serve(
      basic((request, response) => response.writeHead(request.method === "POST" ? 403 : 200).end()),
    );
    expect(await errorOf(url)).toContain(`registryUsername may not push to ${repository} (403)`);
  });

  it("and lets everybody ping, refuses a wrong password at the push", async () => {
    const { url } = await serve((request, response) => {
      if (request.method !== "POST") response.writeHead(request.url === "/v2/" ? 200 : 404).end("{}");
      else response.writeHead(401, { "www-authenticate": 'Basic realm="Registry"' }).end();
    });
    expect(await errorOf(url)).toContain("refuses registryUsername with registryPassword (401)");
  });

  it.each([404, 405, 500])("and answers a push with %i could not be asked about it", async (status) => {
    const { url } = await serve(
      basic((request, response) =>
        response.writeHead(request.method === "POST" ? status : 200).end('{"errors":[{"code":"NAME_UNKNOWN"}]}'),
      ),
    );
    expect(await warnings(url)).toEqual([expect.stringContaining(`could not be found out (${status} NAME_UNKNOWN)`)]);
  });

  it("and has its uploads elsewhere is not followed there", async () => {
    const { url, requests } = await serve(
      basic((request, response) => {
        if (request.method === "POST") response.writeHead(202, { location: "http://127.0.0.1:1/upload" }).end();
        else response.end();
      }),
    );
    expect(await warnings(url)).toEqual([]);
    expect(requests.filter((line) => line.startsWith("DELETE"))).toEqual([]);
  });
});
