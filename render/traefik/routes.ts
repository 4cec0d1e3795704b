import { Document, isNode } from "yaml";
import { mark } from "./mark.ts";
import { accountsWith, type Right, type Traefik, traefikFiles, traefikPorts } from "./traefik.ts";

/** What each right lets through. */
const methods: Record<Right, readonly string[]> = {
  read: ["GET", "HEAD"],
  push: ["POST", "PATCH", "PUT"],
  delete: ["DELETE"],
};

const rights = Object.keys(methods) as Right[];

const loopback = "(ClientIP(`127.0.0.0/8`) || ClientIP(`::1/128`))";

/** registry.yml of Traefik's file provider: which requests reach the registry, and whose. Its comments say who may what. */
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
  const marked = {
    ...config,
    http: { ...config.http, middlewares: { ...config.http.middlewares, ...mark("routes", JSON.stringify(config)) } },
  };
  const document = new Document(marked);
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
        ...entrance(traefik, `PathPrefix(\`/v2/\`) && ${methodRule(right)}${hidden(right, traefik)}`),
        middlewares: accountsWith(right, traefik.accounts).length > 0 ? [right] : [rights[0], right],
        service: "registry",
      },
    ]),
  );
}

/** Where clients come in: by name where a certificate has to be asked for it, by any where the certificate is ours. */
function entrance({ host, tls }: Traefik, rule: string) {
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

/** `/healthz` for everybody; for the machine itself, in plain HTTP, with the marks of what is served. */
function healthRouters(traefik: Traefik) {
  return {
    healthz: { ...entrance(traefik, "Path(`/healthz`)"), service: "ping@internal" },
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

/** Traefik takes no empty file of users: where nobody has a right, who may read is told so, and nobody else. */
function accountMiddlewares({ accounts }: Traefik) {
  return Object.fromEntries(
    rights.map((right) => [right, accountsWith(right, accounts).length > 0 ? basicAuth(right) : nobody]),
  );
}

function basicAuth(right: Right) {
  return { basicAuth: { usersFile: traefikFiles.users[right], realm: "registry", removeHeader: true } };
}

const nobody = { ipAllowList: { sourceRange: ["255.255.255.255/32"] } };

/** One connection of HTTP/2 may cost more memory than hundreds of HTTP/1.1. The last one is how ACME's challenge is asked. */
const withoutHttp2 = { alpnProtocols: ["http/1.1", "acme-tls/1"] };

const defaultCertificate = {
  stores: { default: { defaultCertificate: { certFile: traefikFiles.certificate, keyFile: traefikFiles.key } } },
};
