import { describe } from "vitest";
import { changed, clusterStack, existingStack, hostStack, hybridStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const retention = [
  { repositories: "releases/**", keepTags: ["v*"] },
  { repositories: "**", keepLast: 10, untaggedAfter: 7 },
];
const inS3 = {
  "variant.storage": { kind: "s3", bucket: "registry-images", region: "eu-central-1" },
  s3AccessKey: "key",
  s3SecretKey: "secret",
};

describe("retention of manifests without a tag", () => {
  for (const stack of [hostStack, clusterStack, hybridStack]) accepts(stack, [{ retention }]);
  refuses(changed(clusterStack, inS3), [
    [
      { retention },
      "retention[1].untaggedAfter: the registry's API lists no manifests without a tag, and they are not",
    ],
  ]);
  refuses(existingStack, [
    [{ retention }, "retention[1].untaggedAfter: an existing registry's API lists no manifests"],
  ]);
  accepts(existingStack, [{ retention: [{ repositories: "**", keepLast: 10 }] }]);
});
