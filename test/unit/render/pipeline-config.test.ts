import { describe, expect, it } from "vitest";
import { pipelineVariables } from "../../../render/pipeline-config.ts";
import { changed, existingStack, parsed } from "../settings/stacks.ts";

const maven = {
  host: "nexus.example.org",
  pathPrefix: "repository/maven-releases",
  credentialId: "nexus",
  requiresAuthForPush: false,
  requiresAuthForPull: false,
};
const baseImages = { prefix: "whanos", languages: ["java", "c"], tag: "1" };

describe("pipelineVariables", () => {
  it("tells where images go, and how the credentials are called", () => {
    expect(pipelineVariables(parsed(existingStack).settings)).toEqual({
      CONTAINER_REGISTRY_HOST: "registry.example.org",
      CONTAINER_REGISTRY_PATH_PREFIX: "p2c",
      CONTAINER_REGISTRY_CREDENTIAL_ID: "container-registry",
      CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PUSH: "true",
      CONTAINER_REGISTRY_REQUIRES_AUTH_FOR_PULL: "false",
    });
  });

  it("tells where Maven artifacts go, with the whole URL", () => {
    const { settings } = parsed(changed(existingStack, { mavenRegistry: maven }));
    expect(pipelineVariables(settings)).toMatchObject({
      MAVEN_REGISTRY_HOST: "nexus.example.org",
      MAVEN_REGISTRY_PATH_PREFIX: "repository/maven-releases",
      MAVEN_REGISTRY_CREDENTIAL_ID: "nexus",
      MAVEN_REGISTRY_REQUIRES_AUTH_FOR_PUSH: "false",
      MAVEN_REGISTRY_REQUIRES_AUTH_FOR_PULL: "false",
      MAVEN_REGISTRY_URL: "https://nexus.example.org/repository/maven-releases/",
    });
  });

  it("names the images that builds start from", () => {
    const { settings } = parsed(changed(existingStack, { pipelineConfig: { namespace: "jenkins", baseImages } }));
    expect(pipelineVariables(settings)).toMatchObject({
      WHANOS_BASE_IMAGE_JAVA: "registry.example.org/p2c/whanos-java:1",
      WHANOS_BASE_IMAGE_C: "registry.example.org/p2c/whanos-c:1",
    });
  });

  it("holds no secret", () => {
    const { settings, secrets } = parsed(existingStack);
    const text = JSON.stringify(pipelineVariables(settings));
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  });
});
