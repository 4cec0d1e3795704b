import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { ServerCertificate } from "./certificate.ts";
import { password } from "./credentials.ts";

/** What a client asked for, and as whom. */
type TokenRequest = { account: string | undefined; service: string | null; scopes: readonly string[] };

/** A repository or the catalogue, and what a token allows there. */
type TokenAccess = { type: string; name: string; actions: readonly string[] };

export type TokenServer = AsyncDisposable & {
  /** The URL that a registry names as `realm`. */
  realm: string;
  service: string;
  issuer: string;
  /** The public key, as a registry reads it: a JSON Web Key Set. */
  keys: string;
  /** Every request that clients sent, in order. */
  readonly requests: readonly TokenRequest[];
  /** A token that allows this, for a client that asks nobody. */
  token(access: readonly TokenAccess[]): string;
};

export type TokenServerOptions = {
  certificate: ServerCertificate;
  service: string;
  /** Whether an account, or a client without one, may do what it asks for. */
  allows(account: string | undefined, access: TokenAccess): boolean;
};

/**
 * Starts a fake of the token services of Docker Hub, GHCR, GitLab and Harbor, on a port of its own: it checks
 * passwords (see `credentials.ts`), and signs what the account may do of what is asked.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function startTokenServer({ certificate, service, allows }: TokenServerOptions): Promise<TokenServer> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const [issuer, kid] = ["the lab's token server", randomUUID()];
  const requests: TokenRequest[] = [];

  const token = (access: readonly TokenAccess[]) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, aud: service, iat: now, nbf: now, exp: now + 300, jti: randomUUID(), access };
    const signed = [{ alg: "ES256", typ: "JWT", kid }, claims].map(encoded).join(".");
    const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${signed}.${signature.toString("base64url")}`;
  };

  const server = createServer(certificate, ({ method, url = "", headers }, response) => {
    const { pathname, searchParams } = new URL(url, "https://localhost");
    const account = accountOf(headers.authorization);
    const scopes = searchParams.getAll("scope");
    requests.push({ account, service: searchParams.get("service"), scopes });
    if (method !== "GET" || pathname !== "/token") response.writeHead(404).end();
    else if (account === "" || searchParams.get("service") !== service) response.writeHead(401).end();
    else {
      const access = scopes.map(accessOf).map((each) => (allows(account, each) ? each : { ...each, actions: [] }));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ token: token(access) }));
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    realm: `https://localhost:${(server.address() as AddressInfo).port}/token`,
    service,
    issuer,
    keys: JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" }] }),
    requests,
    token,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The account of a request; empty with a wrong password, undefined without one. */
function accountOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const text = Buffer.from(authorization.replace(/^Basic /, ""), "base64").toString("utf8");
  const [name = "", ...secret] = text.split(":");
  return secret.join(":") === password(name) ? name : "";
}

/** Reads `TYPE:NAME:ACTION[,ACTION…]`. */
function accessOf(scope: string): TokenAccess {
  const [type = "", name = "", actions = ""] = scope.split(":");
  return { type, name, actions: actions.split(",") };
}
