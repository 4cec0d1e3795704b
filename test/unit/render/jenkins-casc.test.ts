import { expect, it } from "vitest";
import { parse } from "yaml";
import { jenkinsCasc, jenkinsCascEnvironment } from "../../../render/jenkins-casc.ts";

const login = {
  id: "container-registry",
  kind: "username-password",
  of: "container",
  description: "Container registry",
} as const;

it("jenkinsCasc › has references instead of secrets", async () => {
  const text = jenkinsCasc([
    login,
    { ...login, id: "maven-registry", of: "maven", description: `Maven, at $${"{HOME}"}`, domain: "java" },
    { id: "registry-token", kind: "secret-text", of: "container", description: "" },
    { id: "registry-host", kind: "secret-text", of: "host", description: "Host of registry.example.org" },
  ]);
  await expect(text).toMatchFileSnapshot("snapshots/jenkins/jenkins.yaml");
});

it("jenkinsCasc › writes a long description on one line", () => {
  const description = "word ".repeat(40).trim();
  const text = jenkinsCasc([{ ...login, description }]);
  expect(text.split("\n").some((line) => line.includes(description))).toBe(true);
  expect(parse(text).credentials.system.domainCredentials[0].credentials[0].usernamePassword).toMatchObject({
    description,
    password: expect.stringMatching(/^\$\{CONTAINER_REGISTRY_PASSWORD\}$/),
  });
});

it("jenkinsCascEnvironment › has each variable as text, in which Jenkins resolves nothing", () => {
  const environment = { CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PULL: "true", WHANOS_BASE_IMAGE_C: `a/$${"{B}"}:1` };
  expect(parse(jenkinsCascEnvironment(environment))).toEqual({
    jenkins: {
      globalNodeProperties: [
        {
          envVars: {
            env: [
              { key: "CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PULL", value: "true" },
              { key: "WHANOS_BASE_IMAGE_C", value: `a/^$${"{B}"}:1` },
            ],
          },
        },
      ],
    },
  });
});
