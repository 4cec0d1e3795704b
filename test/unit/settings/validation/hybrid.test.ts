import { describe } from "vitest";
import { hybridStack } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

describe("a hybrid stack", () => {
  refuses(hybridStack, [
    [
      { "variant.port": 5003 },
      "variant.port = 5003: images are named after containerRegistry.host; use localhost:5003 there",
    ],
    [{ flux: {} }, "flux: Flux runs in a pod, where localhost:5002 is the pod itself"],
    [{ "containerRegistry.host": "localhost" }, "variant.port = 5002: images are named after containerRegistry.host"],
    [
      { "containerRegistry.host": "registry.example.org:5002" },
      'containerRegistry.host = "registry.example.org:5002": variant hybrid is reached on this machine\'s loopback alone',
    ],
    [
      { "variant.ui": { kind: "joxit", image: { reference: `joxit@sha256:${"a".repeat(64)}` } } },
      "variant.ingressClassName: missing: joxit's page",
    ],
    [
      {
        "variant.ui": { kind: "builtin" },
        "variant.images": { proxy: { reference: `sha256:${"a".repeat(64)}`, archive: "package.json" } },
      },
      "variant.images.proxy.archive",
    ],
  ]);
  accepts(hybridStack, [
    { "variant.port": 5003, "containerRegistry.host": "localhost:5003" },
    { "containerRegistry.host": "127.0.0.1:5002" },
    { "variant.ui": { kind: "builtin" } },
  ]);
});
