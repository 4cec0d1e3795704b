import { describe } from "vitest";
import { changed, existingStack, hostStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const maven = { host: "nexus.example.org" };
const mavenSecrets = { mavenUsername: "deployer", mavenPassword: "correct horse" };

describe("a Maven repository", () => {
  refuses(changed(hostStack, mavenSecrets), [
    [
      { mavenRegistry: { ...maven, credentialId: "container-registry" } },
      'mavenRegistry.credentialId = "container-registry": is containerRegistry\'s',
    ],
    [
      { mavenRegistry: { ...maven, url: "https://other.example.org/m2/" } },
      "must be on the same machine as mavenRegistry.host, which is nexus.example.org",
    ],
  ]);
  refuses(hostStack, [
    [
      { mavenRegistry: { ...maven, sameCredentials: true } },
      "mavenRegistry.sameCredentials = true: would send registry.example.org's credentials to nexus.example.org",
    ],
  ]);
  accepts(hostStack, [{ mavenRegistry: { host: "registry.example.org", sameCredentials: true } }]);
  accepts(existingStack, [
    { mavenRegistry: { host: "registry.example.org", sameCredentials: true, credentialId: "container-registry" } },
    { mavenRegistry: { ...maven, url: "https://nexus.example.org:8443/m2/" }, ...mavenSecrets },
  ]);
});
