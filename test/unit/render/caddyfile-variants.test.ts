import { describe, expect, it } from "vitest";
import { proxyPort, storageSocket } from "../../../render/hybrid-registry/containers.ts";
import { deniedClient } from "../../../render/proxy/caddy-names.ts";
import { caddyfile } from "../../../render/proxy/caddyfile.ts";
import type { ProxyConfig } from "../../../render/proxy/proxy-config.ts";
import { proxyOfHybrid } from "../../../render/proxy/proxy-of-settings.ts";
import { ContainerRegistry } from "../../../settings/container-registry.ts";
import { open, service } from "./rendered-proxies.ts";

/** The lines that a change takes out of the Caddyfile and brings into it, their indentation aside. */
function differences(before: ProxyConfig, changes: Partial<ProxyConfig>) {
  const [old, changed] = [before, { ...before, ...changes }].map(trimmedLines) as [string[], string[]];
  return { removed: without(old, changed), added: without(changed, old) };
}

function trimmedLines(proxy: ProxyConfig): string[] {
  return caddyfile(proxy)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !["", "}"].includes(line));
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

describe("the Caddyfile", () => {
  it("trusts the given CA when it asks an ACME server", () => {
    const tls = { kind: "acme", email: "a@example.org", directory: "https://acme.example.org/dir" } as const;
    expect(
      differences({ ...open, tls: { ...tls, directoryCa: false } }, { tls: { ...tls, directoryCa: true } }),
    ).toEqual({
      removed: [],
      added: ["trusted_roots /etc/caddy/tls/acme-ca.pem"],
    });
  });

  it("shows the certificate's files for every name of the machine, where the certificate is given", () => {
    const { removed, added } = differences(open, { tls: { kind: "files" }, host: "registry.example.org:8443" });
    expect(removed).toContain("registry.example.org {");
    expect(added).toEqual([
      "redir https://registry.example.org:8443{uri} permanent",
      "https://:8443 {",
      "tls /etc/caddy/tls/cert.pem /etc/caddy/tls/key.pem",
    ]);
  });

  it("serves everything on port 80 without TLS", () => {
    const { removed, added } = differences(open, { tls: { kind: "none" } });
    expect(removed).toEqual(expect.arrayContaining(["strict_sni_host on", "http:// {", "registry.example.org {"]));
    expect(added).toEqual(["http://:80 {"]);
  });

  it("answers no read and no mount without a right, where pull needs an account", () => {
    expect(differences(open, { requiresAuthForPull: true })).toEqual({
      removed: [
        '@anonymous vars {http.request.header.Authorization} "" "Basic Og=="',
        'respond @anonymous `{"token":"anonymous","access_token":"anonymous","expires_in":3600}`',
        '@anonymous vars {http.request.header.Authorization} "Bearer anonymous"',
        "route @anonymous {",
        "import upstream",
        "route {",
      ],
      added: [
        "import granted pull {re.from.0} {readable}",
        "@readable vars {readable} yes",
        "route @readable {",
        "import who",
      ],
    });
    const lines = trimmedLines({ ...open, requiresAuthForPull: true });
    expect(lines.indexOf("error @outside 403")).toBeLessThan(lines.indexOf("route @read {"));
  });

  it("asks for an account before it lists repositories, where the catalogue is for accounts", () => {
    expect(differences(open, { catalogue: "accounts" })).toEqual({ removed: [], added: ["import who"] });
  });

  it("lists no repositories where the catalogue is closed", () => {
    expect(differences(open, { catalogue: "closed" })).toEqual({
      removed: ["import compressed", "import upstream"],
      added: ["error 403"],
    });
  });

  it("closes connections from outside allowFrom, and answers the machine itself", () => {
    expect(differences(open, { allowFrom: ["10.0.0.0/8", "2001:db8::/32"] })).toEqual({
      removed: [],
      added: [`${deniedClient} not remote_ip 127.0.0.0/8 ::1 10.0.0.0/8 2001:db8::/32`, `abort ${deniedClient}`],
    });
  });

  it("reads no blob from the disk where the storage is elsewhere", () => {
    const { removed, added } = differences(open, { storageRoot: undefined });
    expect(removed).toContain("root /var/lib/registry/docker/registry/v2/blobs/sha256");
    expect(added).toEqual([]);
    expect(caddyfile({ ...open, storageRoot: undefined })).not.toContain("file_server {");
  });

  it("takes the client's scheme from nobody, where no proxy in front is trusted", () => {
    const { removed, added } = differences(service, {
      listens: { kind: "service", plainPort: 5000, tlsPort: 5443, forwardedFrom: [] },
    });
    expect(removed).toContain("trusted_proxies static 10.0.0.0/8 fc00::/7");
    expect(removed).toContain("header_regexp forwarded X-Forwarded-Proto ^https?$");
    expect(added).toEqual(['default `Bearer realm="{scheme}://{hostport}/token",service="{hostport}"`']);
  });

  it("sends joxit no password or token, and no prefix", () => {
    const { added } = differences(service, { ui: { kind: "proxied", upstream: "registry-ui:80" } });
    expect(added).toEqual([
      expect.stringMatching(/^Content-Security-Policy "default-src 'self'; style-src 'self' 'unsafe-inline'; /),
      "reverse_proxy registry-ui:80",
      "request_header -Authorization",
    ]);
  });

  it("of a hybrid registry is plain HTTP in front of the storage's socket, and has no UI", () => {
    const containerRegistry = ContainerRegistry.parse({ host: "registry.example.org" });
    const lines = trimmedLines(proxyOfHybrid({ containerRegistry, accounts: [] }));
    expect(lines).toContain(`http://:${proxyPort} {`);
    expect(lines).toContain(`reverse_proxy unix/${storageSocket} {`);
    expect(lines).not.toContain("import ui");
    expect(lines.filter((line) => line.startsWith("tls "))).toEqual([]);
  });
});
