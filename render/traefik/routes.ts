import { Document, isNode } from "yaml";
import { accountsWith, type Right, type Traefik, traefikFiles, traefikPorts } from "./traefik.ts";
import { versionHeader } from "./version-header.ts";

/** The methods that each right allows. */
const methods: Record<Right, readonly string[]> = {
  read: ["GET", "HEAD"],
  push: ["POST", "PATCH", "PUT"],
  delete: ["DELETE"],
};

const rights = Object.keys(methods) as Right[];

const loopback = "(ClientIP(`127.0.0.0/8`) || ClientIP(`::1/128`))";

/**
 * Renders registry.yml for Traefik's file provider: the routes that decide which requests each account may send to the
 * registry. YAML comments in it list the accounts.
 */
export function routesYaml(traefik: Traefik): string {
  const config = {
    http: {
      routers: { ...registryRouters(traefik), ...healthRouters(traefik), ...redirectRouter(traefik) },
      middlewares: { ...accountMiddlewares(traefik), ...redirect(traefik) },
      services: { registry: { loadBalancer: { servers: [{ url: `http://${traefik.upstream}` }] } } },
    },
    ...(traefik.tls.kind !== "none" && {
      tls: { ...(traefik.tls.kind === "files" && defaultCertificate), options: { default: withoutHttp2 } },
    }),
  };
  const versioned = {
    ...config,
    http: {
      ...config.http,
      middlewares: { ...config.http.middlewares, ...versionHeader("routes", JSON.stringify(config)) },
    },
  };
  const document = new Document(versioned);
  for (const right of rights) {
    const node = document.getIn(["http", "middlewares", right], true);
    const names = accountsWith(right, traefik.accounts).map(({ name }) => name);
    if (isNode(node)) node.commentBefore = ` ${names.join(", ") || "nobody"}`;
  }
  return document.toString({ lineWidth: 0 });
}

function registryRouters(traefik: Traefik) {
  return Object.fromEntries(
    rights.map((right) => [
      right,
      {
        ...entryPointOf(traefik, `PathPrefix(\`/v2/\`) && ${methodRule(right)}${hidden(right, traefik)}`),
        middlewares: accountsWith(right, traefik.accounts).length > 0 ? [right] : [rights[0], right],
        service: "registry",
      },
    ]),
  );
}

/**
 * A router's entry point and rule. With ACME, only requests for the registry's host name match, since the certificate
 * is for that name only. With a certificate from files, requests for any name match.
 */
function entryPointOf({ host, tls }: Traefik, rule: string) {
  if (tls.kind === "none") return { entryPoints: ["web"], rule };
  const name = host.replace(/:\d+$/, "");
  if (tls.kind === "files") return { entryPoints: ["websecure"], rule, tls: {} };
  return {
    entryPoints: ["websecure"],
    rule: `Host(\`${name}\`) && ${rule}`,
    tls: { certResolver: "acme", domains: [{ main: name }] },
  };
}

function methodRule(right: Right): string {
  return `(${methods[right].map((method) => `Method(\`${method}\`)`).join(" || ")})`;
}

function hidden(right: Right, { catalogue }: Traefik): string {
  return right === "read" && catalogue === "closed" ? " && !PathPrefix(`/v2/_catalog`)" : "";
}

/**
 * Two routers for `/healthz`: one for every client, and one for plain HTTP from this machine, whose response has
 * headers with the versions of the files that Traefik serves.
 */
function healthRouters(traefik: Traefik) {
  return {
    healthz: { ...entryPointOf(traefik, "Path(`/healthz`)"), service: "ping@internal" },
    "healthz-local": {
      entryPoints: ["web"],
      rule: `Path(\`/healthz\`) && ${loopback}`,
      middlewares: ["routes-mark", "secrets-mark"],
      service: "ping@internal",
    },
  };
}

function redirectRouter({ tls }: Traefik) {
  if (tls.kind === "none") return {};
  const rule = "PathPrefix(`/`)";
  return {
    redirect: { entryPoints: ["web"], rule, priority: 1, middlewares: ["to-https"], service: "noop@internal" },
  };
}

function redirect(traefik: Traefik) {
  const { websecure } = traefikPorts(traefik);
  if (websecure === undefined) return {};
  return { "to-https": { redirectScheme: { scheme: "https", port: String(websecure), permanent: true } } };
}

/**
 * One middleware for each right. Traefik rejects an empty file of users, so for a right without accounts the middleware
 * rejects every client: accounts that may read get a 403, all others a 401.
 */
function accountMiddlewares({ accounts }: Traefik) {
  return Object.fromEntries(
    rights.map((right) => [right, accountsWith(right, accounts).length > 0 ? basicAuth(right) : nobody]),
  );
}

function basicAuth(right: Right) {
  return { basicAuth: { usersFile: traefikFiles.users[right], realm: "registry", removeHeader: true } };
}

const nobody = { ipAllowList: { sourceRange: ["255.255.255.255/32"] } };

/**
 * TLS options without HTTP/2, since one HTTP/2 connection may use more memory than hundreds of HTTP/1.1 connections.
 * ACME's TLS challenge needs acme-tls/1.
 */
const withoutHttp2 = { alpnProtocols: ["http/1.1", "acme-tls/1"] };

const defaultCertificate = {
  stores: { default: { defaultCertificate: { certFile: traefikFiles.certificate, keyFile: traefikFiles.key } } },
};
