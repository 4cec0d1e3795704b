import { describe, expect, it } from "vitest";
import { changed, hostStack, problemsOf } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const jenkins = { url: "https://jenkins.example.org", user: "admin" };

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
      {
        "containerRegistry.account": undefined,
        mavenRegistry: { host: "registry.example.org", sameCredentials: true },
        "jenkins.credentials": [{ ...credential, of: "maven" }],
      },
      "containerRegistry.account: missing: whose credentials jenkins gets",
    ],
    [
      {
        mavenRegistry: { host: "nexus.example.org", requiresAuthForPush: false },
        "jenkins.credentials": [{ ...credential, of: "maven" }],
        mavenUsername: "deployer",
      },
      "mavenPassword: missing: mavenRegistry asks for credentials",
    ],
    [
      {
        jenkins: { ...jenkins, via: "casc", credentials: [{ ...credential, folder: "team/apps" }] },
        jenkinsToken: undefined,
      },
      'jenkins.credentials[0].folder = "team/apps": via: casc knows none; remove it, or use via: rest',
    ],
    [
      {
        jenkins: {
          ...jenkins,
          via: "kubernetes",
          namespace: "jenkins",
          credentials: [{ ...credential, domain: "registry" }],
        },
        jenkinsToken: undefined,
      },
      'jenkins.credentials[0].domain = "registry": via: kubernetes knows none',
    ],
    [
      {
        jenkins: { ...jenkins, via: "kubernetes", namespace: "jenkins" },
        "containerRegistry.credentialId": "Container_Registry",
        jenkinsToken: undefined,
      },
      'containerRegistry.credentialId = "Container_Registry": is a Secret\'s name with via: kubernetes',
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
    {
      "jenkins.credentials": [
        credential,
        { ...credential, domain: "other" },
        { ...credential, domain: "other", folder: "team/apps" },
      ],
    },
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
