import { describe, expect, it } from "vitest";
import { caddyfile } from "../../../render/proxy/caddyfile.ts";
import type { AccountRights, ProxyConfig } from "../../../render/proxy/proxy-config.ts";

const jenkins: AccountRights = { name: "jenkins", push: ["**"], pull: [], delete: [] };
const proxy: ProxyConfig = {
  host: "registry.example.org",
  tls: { kind: "files" },
  accounts: [jenkins],
  requiresAuthForPull: false,
  catalogue: "open",
  listens: { kind: "machine" },
  allowFrom: [],
  upstream: "127.0.0.1:5000",
};

/** The lines only one of two texts has, as a preview shows them. */
function changedLines(before: string, after: string): string[] {
  const [old, new_] = [before.split("\n"), after.split("\n")];
  return [
    ...old.filter((line) => !new_.includes(line)).map((line) => `-${line.trim()}`),
    ...new_.filter((line) => !old.includes(line)).map((line) => `+${line.trim()}`),
  ];
}

const withAccounts = (...accounts: AccountRights[]) => caddyfile({ ...proxy, accounts });

describe("caddyfile", () => {
  it("shows a changed glob as one changed line", () => {
    const before = withAccounts({ ...jenkins, push: ["team-a/**", "shared/*"] });
    const after = withAccounts({ ...jenkins, push: ["team-b/**", "shared/*"] });
    expect(changedLines(before, after)).toEqual([
      '-"~^jenkins (?:pull|push) team-a/.+$" yes',
      '+"~^jenkins (?:pull|push) team-b/.+$" yes',
    ]);
  });

  it("shows a new right as one new line", () => {
    const after = withAccounts({ ...jenkins, delete: ["team-a/**"] });
    expect(changedLines(withAccounts(jenkins), after)).toEqual(['+"~^jenkins delete team-a/.+$" yes']);
  });

  it("ends an account at midnight UTC after its last day", () => {
    const end = Date.UTC(2028, 2, 1) / 1000;
    expect(withAccounts({ ...jenkins, expires: "2028-02-29" })).toContain(`int({time.now.unix}) >= ${end}`);
  });

  it.each([
    [{ kind: "none" }, "registry.example.org", "http://:80 {"],
    [{ kind: "none" }, "registry.example.org:5000", "http://:5000 {"],
    [{ kind: "files" }, "registry.example.org", "https://:443 {"],
    [{ kind: "files" }, "registry.example.org:8443", "https://:8443 {"],
    [
      { kind: "acme", email: "a@example.org", directory: "https://acme.example.org", directoryCa: false },
      "registry.example.org:8443",
      "registry.example.org:8443 {",
    ],
  ] as const)("serves %o of %s at %s", (tls, host, site) => {
    expect(caddyfile({ ...proxy, tls, host }).split("\n")).toContain(site);
  });

  it("does not listen on port 80 if the proxy is plain HTTP on another port", () => {
    expect(caddyfile({ ...proxy, tls: { kind: "none" }, host: "registry.example.org:5000" })).not.toMatch(
      /^http:\/\/ \{$/m,
    );
  });
});
