import { describe, expect, it } from "vitest";
import {
  changed,
  clusterStack,
  existingStack,
  hostKey,
  hostStack,
  hybridStack,
  otherHostKey,
  problemsOf,
  type Stack,
} from "./stacks.ts";

type Row = [changes: Record<string, unknown>, line: string];

/** Every row's changes bring exactly its line, and nothing without them. */
function refuses(stack: Stack, rows: Row[]) {
  it.each(rows)("refuses %j", (changes, line) => {
    expect(problemsOf(changed(stack, changes))).toEqual([expect.stringContaining(line)]);
  });
}

function accepts(stack: Stack, rows: Record<string, unknown>[]) {
  it.each(rows)("accepts %j", (changes) => {
    expect(problemsOf(changed(stack, changes))).toEqual([]);
  });
}

const lan = { kind: "private-ca" };
const ssh = { kind: "ssh", address: "203.0.113.7", user: "ubuntu", hostKey };
const node = { name: "node-1", runtime: "k3s", connection: ssh };
const maven = { host: "nexus.example.org" };
const mavenSecrets = { mavenUsername: "deployer", mavenPassword: "correct horse" };
const jenkins = { url: "https://jenkins.example.org", user: "admin" };

describe("a host stack", () => {
  refuses(hostStack, [
    [
      { "variant.proxy": "traefik" },
      'variant.proxy = "traefik": cannot serve anonymous pull; use caddy, or set requiresAuthForPull: true',
    ],
    [
      { "containerRegistry.host": "203.0.113.5" },
      'variant.tls.kind = "acme": proves a name, and 203.0.113.5 is an address',
    ],
    [
      { "containerRegistry.host": "localhost" },
      'variant.tls.kind = "acme": proves a name that the authority can resolve',
    ],
    [
      { "containerRegistry.host": "registry.local" },
      'variant.tls.kind = "acme": proves a name that the authority can resolve',
    ],
    [
      { "containerRegistry.host": "registry:443" },
      'variant.tls.kind = "acme": proves a name that the authority can resolve',
    ],
    [{ "containerRegistry.host": "registry.example.org:5000" }, "port 5000 is taken by the registry behind the proxy"],
    [{ "containerRegistry.host": "registry.example.org:80" }, "port 80 serves plain HTTP; leave the port out for 443"],
    [
      { "containerRegistry.host": "registry.example.org:443", "variant.tls": { kind: "none" } },
      "port 443 is for TLS and tls.kind is none",
    ],
    [
      { "variant.catalogue": "closed", "variant.ui": { kind: "builtin" } },
      'variant.ui.kind = "builtin": lists the catalogue',
    ],
    [
      { "containerRegistry.requiresAuthForPush": false },
      "containerRegistry.requiresAuthForPush = false: a registry of ours lets nobody push without an account",
    ],
    [{ accounts: [] }, "accounts: at least one, or nobody can push"],
    [{ accounts: undefined }, "accounts: at least one, or nobody can push"],
    [
      { "containerRegistry.account": "jenkin" },
      'containerRegistry.account = "jenkin": no such account; there are jenkins, dana',
    ],
    [
      { "containerRegistry.account": "dana" },
      'containerRegistry.account = "dana": may push nothing where images go; give it push: ["p2c/**"]',
    ],
    [{ "containerRegistry.pathPrefix": "", "containerRegistry.account": "dana" }, 'give it push: ["**"]'],
    [
      { accounts: [{ name: "jenkins", push: ["**"] }, { name: "jenkins" }] },
      'accounts[1].name = "jenkins": accounts[0] has that name',
    ],
  ]);

  it("refuses a CA for Let's Encrypt's own directory", () => {
    const stack = changed(hostStack, { "variant.tls.directoryCa": "package.json" });
    expect(problemsOf(stack)).toContainEqual(expect.stringContaining("is for a directory of your own"));
  });

  accepts(hostStack, [
    { "variant.proxy": "traefik", "containerRegistry.requiresAuthForPull": true },
    { "containerRegistry.host": "registry.local", "variant.tls.directory": "https://ca.example.org/dir" },
    { "containerRegistry.host": "registry.example.org:8443" },
    { "containerRegistry.host": "203.0.113.5", "variant.tls": lan },
    { "containerRegistry.host": "registry.example.org:8080", "variant.tls": { kind: "none" } },
    { "variant.catalogue": "accounts", "variant.ui": { kind: "builtin" } },
    { "containerRegistry.account": undefined },
  ]);
});

describe("a cluster stack", () => {
  refuses(clusterStack, [
    [{ "variant.replicas": 2 }, "variant.replicas = 2: share no ReadWriteOnce volume"],
    [
      { "variant.exposure": { kind: "load-balancer" }, "variant.ingressClassName": "nginx" },
      'variant.ingressClassName = "nginx": belongs to an Ingress',
    ],
    [
      { "variant.exposure": { kind: "load-balancer" }, "variant.ingressAnnotations": { a: "b" } },
      "variant.ingressAnnotations: belongs to an Ingress",
    ],
    [
      { "variant.catalogue": "closed", "variant.ui": { kind: "builtin" } },
      'variant.ui.kind = "builtin": lists the catalogue',
    ],
  ]);
  accepts(clusterStack, [
    { "variant.replicas": 2, "variant.storage": { kind: "volume", accessMode: "ReadWriteMany" } },
    { "variant.replicas": 2, "variant.storage": { kind: "s3", bucket: "images" } },
    { "variant.exposure": { kind: "load-balancer", service: "traefik/traefik" } },
    { "variant.ingressClassName": "nginx", "variant.ingressAnnotations": { a: "b" } },
  ]);
});

describe("a hybrid stack", () => {
  refuses(hybridStack, [
    [
      { "variant.port": 5003 },
      "variant.port = 5003: images are named after containerRegistry.host; use localhost:5003 there",
    ],
    [{ "containerRegistry.host": "localhost" }, "variant.port = 5002: images are named after containerRegistry.host"],
  ]);
  accepts(hybridStack, [{ "variant.port": 5003, "containerRegistry.host": "localhost:5003" }]);
});

describe("an existing stack", () => {
  refuses(existingStack, [
    [{ accounts: [{ name: "jenkins" }] }, "accounts: an existing registry has accounts of its own; remove the key"],
    [
      { "containerRegistry.account": "jenkins" },
      'containerRegistry.account = "jenkins": an existing registry takes the secrets',
    ],
    [
      { pullSecrets: [{ namespace: "a", name: "b", account: "jenkins" }] },
      'pullSecrets[0].account = "jenkins": an existing registry takes registryUsername',
    ],
  ]);
  accepts(existingStack, [{ pullSecrets: [{ namespace: "a", name: "b" }] }, { flux: { images: [{ name: "shop" }] } }]);
});

describe("a Maven repository", () => {
  refuses(changed(hostStack, mavenSecrets), [
    [
      { mavenRegistry: { host: "registry.example.org" } },
      'mavenRegistry.host = "registry.example.org": is our own registry, which serves images only',
    ],
    [
      { mavenRegistry: { ...maven, credentialId: "container-registry" } },
      'mavenRegistry.credentialId = "container-registry": is containerRegistry\'s',
    ],
    [
      { mavenRegistry: { ...maven, url: "https://other.example.org/m2/" } },
      "is on another machine than host, which is nexus.example.org",
    ],
  ]);
  refuses(hostStack, [
    [
      { mavenRegistry: { ...maven, sameCredentials: true } },
      "mavenRegistry.sameCredentials = true: would send registry.example.org's credentials to nexus.example.org",
    ],
  ]);
  accepts(existingStack, [
    { mavenRegistry: { host: "registry.example.org", sameCredentials: true, credentialId: "container-registry" } },
    { mavenRegistry: { ...maven, url: "https://nexus.example.org:8443/m2/" }, ...mavenSecrets },
  ]);
});

describe("nodes", () => {
  refuses(hostStack, [
    [{ nodes: [node, { ...node, runtime: "docker" }] }, 'nodes[1].name = "node-1": nodes[0] has that name'],
    [
      { nodes: [node, { ...node, name: "node-2" }] },
      "nodes[1].connection: is the machine and runtime of nodes[0]; list it once",
    ],
    [
      { nodes: [node, { ...node, name: "b", runtime: "rke2", connection: { ...ssh, hostKey: otherHostKey } }] },
      "nodes[1].connection.hostKey: differs from 203.0.113.7's key above",
    ],
    [
      {
        nodes: [
          { ...node, connection: { ...ssh, jump: { address: "203.0.113.5", user: "a", hostKey: otherHostKey } } },
        ],
      },
      "nodes[0].connection.jump.hostKey: differs from 203.0.113.5's key above",
    ],
    [
      { "variant.tls": lan, "containerRegistry.host": "203.0.113.5", nodes: [{ ...node, hostsEntry: "203.0.113.5" }] },
      'nodes[0].hostsEntry = "203.0.113.5": gives a name its address',
    ],
    [
      { "variant.tls": lan, "containerRegistry.host": "localhost:5443", nodes: [node] },
      'nodes[0].connection.address = "203.0.113.7": to this node localhost is the node itself',
    ],
  ]);
  accepts(hostStack, [
    { nodes: [node, { ...node, name: "node-1-docker", runtime: "docker" }] },
    { nodes: [node, { ...node, name: "node-2", connection: { ...ssh, port: 2222, hostKey: otherHostKey } }] },
    { nodes: [{ ...node, hostsEntry: "203.0.113.5" }] },
    {
      nodes: ["a", "b"].map((name) => ({
        name,
        runtime: "containerd",
        connection: { kind: "docker-container", name },
      })),
    },
  ]);
});

describe("consumers", () => {
  const withJenkins = changed(hostStack, { jenkins, jenkinsToken: "token" });
  const credential = { id: "a", kind: "secret-text", of: "container" };

  refuses(withJenkins, [
    [{ "containerRegistry.account": undefined }, "containerRegistry.account: missing: whose credentials jenkins gets"],
    [
      { "jenkins.credentials": [credential, { ...credential, of: "host" }] },
      'jenkins.credentials[1].id = "a": is jenkins.credentials[0]',
    ],
    [
      { "jenkins.credentials": [{ ...credential, of: "maven" }] },
      'jenkins.credentials[0].of = "maven": there is no mavenRegistry',
    ],
    [
      { "jenkins.credentials": [{ id: "a", kind: "username-password", of: "host" }] },
      "a host name is one text; use secret-text",
    ],
    [
      { pullSecrets: [{ namespace: "a", name: "b" }] },
      "pullSecrets[0].account: missing: whose credentials to pull with, one of jenkins, dana",
    ],
    [
      { pullSecrets: [{ namespace: "a", name: "b", account: "x" }] },
      'pullSecrets[0].account = "x": no such account; there are jenkins, dana',
    ],
    [
      { pullSecrets: [0, 1].map(() => ({ namespace: "a", name: "b", account: "dana" })) },
      'pullSecrets[1].name = "b": is pullSecrets[0] in that namespace',
    ],
    [{ flux: { account: "x" } }, 'flux.account = "x": no such account'],
    [{ "containerRegistry.requiresAuthForPull": true, flux: {} }, "flux.account: missing"],
    [
      { "containerRegistry.requiresAuthForPull": true, flux: { account: "dana" } },
      'flux.account = "dana": may pull nothing; give it pull: ["**"]',
    ],
    [{ flux: { images: [{ name: "a" }, { name: "a" }] } }, 'flux.images[1].name = "a": flux.images[0] has that name'],
    [
      { flux: { policies: [{ name: "a", image: "b", policy: { kind: "alphabetical" } }] } },
      'flux.policies[0].image = "b": is no name of flux.images',
    ],
  ]);
  accepts(withJenkins, [
    { "jenkins.credentials": [credential, { ...credential, domain: "other" }] },
    { "containerRegistry.account": undefined, "jenkins.credentials": [{ ...credential, of: "host" }] },
    {
      pullSecrets: [
        { namespace: "a", name: "b", account: "dana" },
        { namespace: "c", name: "b", account: "dana" },
      ],
    },
    {
      flux: {
        images: [{ name: "a" }],
        policies: [{ name: "a", image: "a", policy: { kind: "semver", range: ">=1" } }],
      },
    },
  ]);

  it("refuses a CA for Jenkins' http URL", () => {
    const stack = changed(withJenkins, {
      jenkins: { ...jenkins, url: "http://jenkins.example.org", caFile: "package.json" },
    });
    expect(problemsOf(stack)).toContainEqual(expect.stringContaining("has no use with an http URL"));
  });
});
