import { describe, expect, it } from "vitest";
import { filled, plannedCredentials } from "../../../jenkins/planned-credentials.ts";
import { changed, existingStack, hostStack, parsed, type Stack } from "../settings/stacks.ts";

const jenkins = { url: "https://jenkins.example.org", user: "admin" };
const maven = { host: "nexus.example.org" };
const mavenSecrets = { mavenUsername: "deployer", mavenPassword: "correct horse" };

function planned(stack: Stack) {
  const { settings, secrets } = parsed(changed(stack, { jenkinsToken: "t" }));
  if (!settings.jenkins) throw new Error("a stack without jenkins");
  return plannedCredentials({ ...settings, jenkins: settings.jenkins }, { hasMavenLogin: "mavenUsername" in secrets });
}

const ids = (stack: Stack) => planned(stack).map(({ id, of }) => [id, of]);

describe("plannedCredentials", () => {
  const sameHost = { host: "registry.example.org", sameCredentials: true };

  it.each<[string, Stack, string[][]]>([
    ["are the registry's alone", changed(hostStack, { jenkins }), [["container-registry", "container"]]],
    [
      "are Maven's, too, with its own login",
      changed(hostStack, { jenkins, mavenRegistry: maven, ...mavenSecrets }),
      [
        ["container-registry", "container"],
        ["maven-registry", "maven"],
      ],
    ],
    [
      "are none of Maven's where it asks for none",
      changed(hostStack, { jenkins, mavenRegistry: { ...maven, requiresAuthForPush: false } }),
      [["container-registry", "container"]],
    ],
    [
      "are the same under both ids where the stack says so",
      changed(existingStack, { jenkins, mavenRegistry: sameHost }),
      [
        ["container-registry", "container"],
        ["maven-registry", "container"],
      ],
    ],
    [
      "are one where both ids are equal",
      changed(existingStack, { jenkins, mavenRegistry: { ...sameHost, credentialId: "container-registry" } }),
      [["container-registry", "container"]],
    ],
    [
      "are those that are listed",
      changed(existingStack, {
        jenkins: {
          ...jenkins,
          credentials: [
            { id: "registry-host", kind: "secret-text", of: "host" },
            { id: "m", kind: "secret-text", of: "maven" },
          ],
        },
        mavenRegistry: sameHost,
      }),
      [
        ["registry-host", "host"],
        ["m", "container"],
      ],
    ],
  ])("%s", (_what, stack, expected) => {
    expect(ids(stack)).toEqual(expected);
  });

  it("keep description, folder and domain of the list", () => {
    const entry = { id: "a", kind: "secret-text", of: "host", domain: "registry", folder: "team/apps" };
    const list = [entry, { ...entry, id: "b", description: "mine" }];
    expect(planned(changed(hostStack, { jenkins: { ...jenkins, credentials: list } }))).toEqual([
      { ...entry, description: "Host of registry.example.org" },
      { ...entry, id: "b", description: "mine" },
    ]);
  });
});

describe("filled", () => {
  it("gives each entry the secret of its source, by its kind", () => {
    const common = { description: "" };
    const container = { username: "ci", password: "secret" };
    expect(
      filled(
        [
          { ...common, id: "a", kind: "username-password", of: "container" },
          { ...common, id: "b", kind: "secret-text", of: "container" },
          { ...common, id: "c", kind: "secret-text", of: "host", domain: "d" },
        ],
        { container, host: "registry.example.org:5000" },
      ),
    ).toEqual([
      { ...common, id: "a", kind: "username-password", ...container },
      { ...common, id: "b", kind: "secret-text", secret: "secret" },
      { ...common, id: "c", kind: "secret-text", secret: "registry.example.org:5000", domain: "d" },
    ]);
  });
});
