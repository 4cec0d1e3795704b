import { splitHost } from "../formats/host-name.ts";
import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of variant hybrid: a registry container beside a kind cluster. */
export function* validateHybrid({ variant, containerRegistry, flux }: StackKeys): Iterable<ValidationError> {
  if (variant.kind !== "hybrid") return;
  const { name, port } = splitHost(containerRegistry.host);

  if (name !== "localhost" && name !== "127.0.0.1")
    yield {
      path: ["containerRegistry", "host"],
      input: containerRegistry.host,
      message: `variant hybrid is reached on this machine's loopback alone; use localhost:${variant.port}`,
    };
  else if (port !== variant.port)
    yield {
      path: ["variant", "port"],
      input: variant.port,
      message: `images are named after containerRegistry.host; use localhost:${variant.port} there, or the same port here`,
    };
  if (variant.ui.kind === "joxit" && variant.ingressClassName === undefined)
    yield {
      path: ["variant", "ingressClassName"],
      message:
        "missing: joxit's page is put below /registry/ by the Ingress class's own means; name the class, as in traefik",
    };
  if (flux)
    yield {
      path: ["flux"],
      message: `Flux runs in a pod, where ${containerRegistry.host} is the pod itself; remove flux, or use variant cluster or host`,
    };
  const { archive } = variant.images.proxy;
  if (variant.ui.kind === "builtin" && archive !== undefined)
    yield {
      path: ["variant", "images", "proxy", "archive"],
      input: archive,
      message:
        "is loaded into this machine's Docker alone, and the page's pod runs from that image too; name it by digest, or use ui: { kind: none }",
    };
}
