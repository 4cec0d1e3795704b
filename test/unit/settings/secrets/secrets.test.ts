import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isSecretName, secretKeys } from "../../../../settings/secrets/secrets.ts";
import { certificate, certificateKey, lockedCertificateKey, lockedSshKey } from "../keys.ts";
import { changed, clusterStack, existingStack, hostStack, problemsOf, type Stack, traefikImages } from "../stacks.ts";

type Row = [changes: Record<string, unknown>, lines: string[]];

function finds(stack: Stack, rows: Row[]) {
  it.each(rows)("with %j: %j", (changes, lines) => {
    expect(problemsOf(changed(stack, changes))).toEqual(lines.map((line) => expect.stringContaining(line)));
  });
}

function pem(type: "pkcs1" | "sec1" | "pkcs8") {
  const options = { type, format: "pem" } as const;
  if (type === "sec1") return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(options).toString();
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(options).toString();
}

afterEach(() => {
  vi.useRealTimers();
});

describe("sshPrivateKey", () => {
  finds(hostStack, [
    [
      { sshPrivateKey: undefined },
      ["sshPrivateKey: missing, and variant.connection logs in with it: cat KEYFILE | pulumi config set --secret"],
    ],
    [{ sshPrivateKey: undefined, "variant.connection.agent": true }, []],
    [{ sshPrivateKey: undefined, "variant.connection": { kind: "local" } }, []],
    [{ sshPrivateKey: "~/.ssh/id_ed25519" }, ["sshPrivateKey: is no private key; give the whole file"]],
    [{ sshPrivateKey: hostStack.sshPrivateKey?.toString().slice(0, 60) }, ["sshPrivateKey: is no private key"]],
  ]);

  it("is said to have a passphrase", () => {
    for (const sshPrivateKey of [lockedSshKey, lockedCertificateKey])
      expect(problemsOf(changed(hostStack, { sshPrivateKey }))).toEqual([
        "sshPrivateKey: has a passphrase; use a key without one, or agent: true",
      ]);
  });

  it.each(["pkcs1", "sec1", "pkcs8"] as const)("may be %s", (type) => {
    expect(problemsOf(changed(hostStack, { sshPrivateKey: pem(type) }))).toEqual([]);
  });
});

describe("passwords", () => {
  const passwords = (value: unknown) => ({ passwords: JSON.stringify(value) });
  finds(hostStack, [
    [passwords({ jenkins: "correct horse", dana: 'quotes " and ünïcode: ok' }), []],
    [passwords({ jenkins: "ü".repeat(36) }), []],
    [passwords({ jenkins: ["new", "old"] }), []],
    [passwords({ jenkins: ["new", "old", "older"] }), ["passwords: JSON from account to password"]],
    [passwords({ jenkins: [] }), ["passwords: JSON from account to password"]],
    [passwords({ jenkins: ["new", ""] }), ["passwords: password 1 is empty"]],
    [passwords({ jenkins: ["same", "same"] }), ["passwords: password 1 is twice the same"]],
    [
      {
        ...passwords({ jenkins: ["new", "old"] }),
        "variant.proxy": "traefik",
        "variant.images": traefikImages,
        "containerRegistry.requiresAuthForPull": true,
      },
      ["passwords: gives two for a name, and traefik knows one; give the new one alone"],
    ],
    [{ passwords: "jenkins: correct" }, ['passwords: JSON from account to password, as in {"jenkins": "…"}']],
    [passwords(["correct"]), ["passwords: JSON from account to password"]],
    [passwords({ jenkins: 1234 }), ["passwords: JSON from account to password"]],
    [passwords({ jenkins: "" }), ["passwords: password 1 is empty"]],
    [
      passwords({ jenkins: "fine", dana: "ü".repeat(37) }),
      ["passwords: password 2 has 74 bytes of UTF-8; bcrypt takes 72 at most"],
    ],
    [passwords({ jenkins: "line\nbreak" }), ["passwords: password 1 holds a control character"]],
    [{ passwords: '{"jenkins": "\\ud800"}' }, ["passwords: password 1 is no valid Unicode"]],
    [
      passwords({ jenkin: "correct", other: "b" }),
      ["passwords: 2 of the names are not accounts of this stack; its accounts are jenkins, dana"],
    ],
    [passwords({ toString: "correct" }), ["passwords: 1 of the names are not accounts of this stack"]],
  ]);
  finds(existingStack, [[passwords({}), ["passwords: an existing registry has accounts of its own"]]]);
});

describe("htpasswd", () => {
  const hash = (prefix = "$2y$05$") => `${prefix}${"abcDEF./0123456789".repeat(3).slice(0, 53)}`;
  const htpasswd = (...lines: string[]) => ({ htpasswd: lines.join("\n") });
  finds(hostStack, [
    [htpasswd(`jenkins:${hash()}`), []],
    [htpasswd("# team", "", `jenkins:${hash("$2a$10$")}\r`, `dana:${hash("$2b$14$")}`, ""), []],
    [htpasswd(), ["htpasswd: has no line; give the whole file, or remove the key"]],
    [
      htpasswd(`jenkins:${hash()}`, "dana:$apr1$abcdefgh$0123456789012345678901"),
      ["htpasswd: line 2 is no NAME:HASH with a bcrypt hash of cost 4 to 14; htpasswd -B writes such lines"],
    ],
    [htpasswd(`jenkins:${hash("$2y$15$")}`), ["htpasswd: line 1 is no NAME:HASH"]],
    [htpasswd("correct horse"), ["htpasswd: line 1 is no NAME:HASH"]],
    [htpasswd(`jenkins:${hash()}`, `jenkins:${hash("$2b$10$")}`), ["htpasswd: line 2 repeats the name"]],
    [
      htpasswd(`Jenkins:${hash()}`, `jenkins:${hash()}`),
      ["htpasswd: 1 of the names are not accounts of this stack; its accounts are jenkins, dana"],
    ],
    [
      {
        ...htpasswd(`jenkins:${hash()}`, `dana:${hash()}`),
        rotations: { dana: { generation: 1, date: "2027-01-15", previous: "valid" } },
      },
      ["htpasswd: dana has two other passwords until its rotation ends, and an account has two at most; end it first"],
    ],
    [
      { ...htpasswd(`jenkins:${hash()}`), passwords: '{"jenkins": ["new", "old"]}' },
      ["htpasswd: jenkins has two other passwords until its rotation ends"],
    ],
    [
      { ...htpasswd(`jenkins:${hash()}`), "variant.takeOver": true },
      ["htpasswd: the old registry, which variant.takeOver replaces, asked for a password before each pull"],
    ],
    [
      {
        ...htpasswd(`jenkins:${hash()}`),
        "variant.takeOver": true,
        "containerRegistry.requiresAuthForPull": true,
      },
      [],
    ],
    [
      {
        ...htpasswd(`jenkins:${hash()}`),
        "variant.proxy": "traefik",
        "variant.images": traefikImages,
        "containerRegistry.requiresAuthForPull": true,
      },
      ["htpasswd: traefik knows one password a name; give the passwords in the secret passwords; remove it"],
    ],
  ]);
  finds(existingStack, [
    [htpasswd(`jenkins:${hash()}`), ["htpasswd: an existing registry has accounts of its own; remove it"]],
  ]);
});

describe("registryUsername and registryPassword", () => {
  finds(existingStack, [
    [
      { registryUsername: undefined, registryPassword: undefined },
      ["registryUsername: missing: the existing registry asks for credentials", "registryPassword: missing"],
    ],
    [{ registryPassword: undefined, "containerRegistry.requiresAuthForPush": false }, ["registryPassword: missing"]],
    [{ registryUsername: undefined, registryPassword: undefined, "containerRegistry.requiresAuthForPush": false }, []],
    [{ registryPassword: "a\r" }, ["registryPassword: holds a control character"]],
    [{ registryUsername: "a:b" }, ["registryUsername: a user name cannot hold a colon"]],
    [{ registryUsername: "" }, ["registryUsername: is empty"]],
  ]);
  finds(hostStack, [
    [
      { registryUsername: "a" },
      [
        "registryUsername: is for an existing registry; this one has accounts; remove it: pulumi config rm container-registry:registryUsername",
      ],
    ],
  ]);
});

describe("mavenUsername and mavenPassword", () => {
  const maven = { host: "nexus.example.org" };
  const same = { host: "registry.example.org", sameCredentials: true };
  finds(existingStack, [
    [
      { mavenRegistry: maven },
      ["mavenUsername: missing: mavenRegistry asks for credentials", "mavenPassword: missing"],
    ],
    [{ mavenRegistry: maven, mavenUsername: "a" }, ["mavenPassword: missing"]],
    [{ mavenRegistry: { ...maven, requiresAuthForPush: false } }, []],
    [
      { mavenRegistry: { ...maven, requiresAuthForPush: false, requiresAuthForPull: true } },
      ["mavenUsername: missing", "mavenPassword: missing"],
    ],
    [{ mavenRegistry: same }, []],
    [{ mavenRegistry: same, mavenUsername: "a" }, ["mavenUsername: mavenRegistry.sameCredentials is true; remove it"]],
  ]);
});

describe("sameCredentials", () => {
  it("needs credentials to be the same", () => {
    const stack = changed(existingStack, {
      mavenRegistry: { host: "registry.example.org", sameCredentials: true },
      "containerRegistry.requiresAuthForPush": false,
      registryUsername: undefined,
      registryPassword: undefined,
    });
    expect(problemsOf(stack)).toEqual([
      "registryUsername: missing: mavenRegistry.sameCredentials takes it; pulumi config set --secret container-registry:registryUsername",
      "registryPassword: missing: mavenRegistry.sameCredentials takes it; pulumi config set --secret container-registry:registryPassword",
    ]);
  });
});

describe("jenkinsToken and jenkinsPassword", () => {
  const jenkins = { url: "https://jenkins.example.org", user: "admin" };
  finds(changed(hostStack, { jenkins }), [
    [{ jenkinsToken: "a" }, []],
    [{ jenkinsPassword: "a" }, []],
    [
      {},
      [
        "jenkinsToken: missing: jenkins is reached as admin; jenkinsPassword works too; pulumi config set --secret container-registry:jenkinsToken",
      ],
    ],
    [{ jenkinsToken: "a", jenkinsPassword: "b" }, ["jenkinsPassword: jenkinsToken is there too, and safer; remove it"]],
    [{ jenkins: { ...jenkins, via: "kubernetes", namespace: "jenkins" } }, []],
  ]);
});

describe("s3AccessKey and s3SecretKey", () => {
  const s3 = { kind: "s3", bucket: "images" };
  finds(changed(clusterStack, { "variant.storage": s3 }), [
    [{}, []],
    [{ s3AccessKey: "a" }, ["s3SecretKey: missing: variant.storage is kind s3"]],
    [
      { "variant.storage": { ...s3, endpoint: "https://s3.example.org" } },
      ["s3AccessKey: missing", "s3SecretKey: missing"],
    ],
  ]);
});

describe("tlsCertificate and tlsKey", () => {
  const provided = changed(hostStack, {
    "variant.tls": { kind: "provided" },
    tlsCertificate: certificate,
    tlsKey: certificateKey,
  });
  finds(provided, [
    [{}, []],
    [{ "containerRegistry.host": "203.0.113.5:8443" }, []],
    [
      { tlsKey: undefined },
      ["tlsKey: missing: variant.tls is kind provided; pulumi config set --secret container-registry:tlsKey"],
    ],
    [{ tlsCertificate: "" }, ["tlsCertificate: is no PEM certificate; give the whole chain, leaf first"]],
    [{ tlsKey: "-----BEGIN PRIVATE KEY-----" }, ["tlsKey: is no PEM private key"]],
    [
      { "containerRegistry.host": "other.example.org" },
      ["tlsCertificate: is not for other.example.org but for DNS:registry.example.org, IP Address:203.0.113.5"],
    ],
    [{ "containerRegistry.host": "203.0.113.6" }, ["tlsCertificate: is not for 203.0.113.6 but"]],
  ]);

  it("may be for any name where the host has a load balancer's address in it", () => {
    const balanced = {
      "containerRegistry.host": "registry.{address}.nip.io",
      variant: { kind: "cluster", exposure: { kind: "load-balancer" }, tls: { kind: "provided" } },
    };
    expect(
      problemsOf(changed(clusterStack, { ...balanced, tlsCertificate: certificate, tlsKey: certificateKey })),
    ).toEqual([]);
  });

  it("must belong together", () => {
    expect(problemsOf(changed(provided, { tlsKey: pem("sec1") }))).toEqual(["tlsKey: is not tlsCertificate's key"]);
  });

  it("may have no passphrase", () => {
    expect(problemsOf(changed(provided, { tlsKey: lockedCertificateKey }))).toEqual([
      "tlsKey: has a passphrase; remove it with openssl pkey",
    ]);
  });

  it("must not have ended", () => {
    vi.useFakeTimers({ now: new Date("2127-01-01") });
    expect(problemsOf(provided)).toEqual([
      expect.stringMatching(/^tlsCertificate: ended on Oct 28 .* 2126 GMT; nodes refuse it/),
    ]);
  });
});

describe("isSecretName", () => {
  it("knows the keys of the table and nothing else", () => {
    expect([...Object.keys(secretKeys), "toString", "variant"].filter(isSecretName)).toEqual(Object.keys(secretKeys));
  });
});
