import { describe } from "vitest";
import { changed, clusterStack, existingStack, hostStack, hybridStack, traefikImages } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

describe("immutableTags", () => {
  refuses(hostStack, [
    [{ immutableTags: ["team-a/app"] }, 'immutableTags[0] = "team-a/app": has no tag'],
    [{ immutableTags: ["**:v*", "Team/app:v1"] }, 'immutableTags[1] = "Team/app:v1": is no repository path'],
    [{ immutableTags: ["team-*:v1"] }, 'immutableTags[0] = "team-*:v1": mixes text and wildcard in one segment'],
    [{ immutableTags: ["app:"] }, 'immutableTags[0] = "app:": a tag, in which * stands for any characters'],
    [{ immutableTags: ["app:v1:v2"] }, 'immutableTags[0] = "app:v1:v2": a tag'],
    [{ immutableTags: ["app:-v1"] }, 'immutableTags[0] = "app:-v1": a tag'],
    [{ immutableTags: [":v1"] }, 'immutableTags[0] = ":v1": holds an empty segment'],
    [{ immutableTags: ["app:v1", "app:v1"] }, 'immutableTags[1] = "app:v1": is immutableTags[0], too'],
  ]);
  refuses(existingStack, [
    [{ immutableTags: ["**:v*"] }, "immutableTags: an existing registry has no proxy of ours to refuse a push"],
  ]);
  refuses(
    changed(hostStack, {
      "variant.proxy": "traefik",
      "variant.images": traefikImages,
      "containerRegistry.requiresAuthForPull": true,
    }),
    [[{ immutableTags: ["**:v*"] }, "immutableTags: traefik cannot ask which digest a tag names before a push"]],
  );

  const entries = ["**:*", "shop:1.0", "docker-internal/*/base:V_2.x-*", "a:*-release", `a:${"x".repeat(128)}`];
  for (const stack of [hostStack, clusterStack, hybridStack]) accepts(stack, [{ immutableTags: entries }]);
  accepts(existingStack, [{ immutableTags: [] }]);
});
