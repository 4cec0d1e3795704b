import { describe } from "vitest";
import { clusterStack, hostStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const joxit = { kind: "joxit", image: { reference: `docker.io/joxit/docker-registry-ui@sha256:${"a".repeat(64)}` } };
const noLogin = 'variant.ui.kind = "joxit": has no way to log in here';

describe("a page of joxit's", () => {
  refuses(hostStack, [
    [{ "variant.ui": joxit, "containerRegistry.requiresAuthForPull": true }, noLogin],
    [{ "variant.ui": joxit, "variant.catalogue": "accounts" }, noLogin],
    [
      { "variant.ui": joxit, "containerRegistry.host": "registry.example.org:5001" },
      "port 5001 is taken by joxit's page",
    ],
  ]);
  refuses(clusterStack, [[{ "variant.ui": joxit, "variant.catalogue": "accounts" }, noLogin]]);

  accepts(hostStack, [
    { "variant.ui": joxit },
    { "variant.ui": joxit, "containerRegistry.host": "registry.example.org:5443" },
    { "containerRegistry.host": "registry.example.org:5001" },
    { "variant.ui": { kind: "builtin" }, "containerRegistry.requiresAuthForPull": true },
  ]);
  accepts(clusterStack, [{ "variant.ui": joxit, "containerRegistry.host": "registry.example.org:5001" }]);
});
