import { describe } from "vitest";
import { existingStack, hostStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

describe("accounts of our own registry", () => {
  refuses(hostStack, [
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
  accepts(hostStack, [
    { "containerRegistry.account": undefined },
    { accounts: [{ name: "jenkins", push: ["p2c/**"] }] },
  ]);
});

describe("accounts of an existing registry", () => {
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
