import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { apiUrl } from "../../existing/api-url.ts";
import { placeholderTag, probeRepository, repositoryBelow } from "../../settings/formats/image-reference.ts";
import type { Settings } from "../../settings/settings.ts";
import type { LiveStack, StackOutputs } from "../live-stack.ts";
import { OperationError } from "../operation-error.ts";
import { loginsOf } from "../registry-api/access.ts";
import { DeniedError } from "../registry-api/errors.ts";
import { RegistryApi } from "../registry-api/registry-api.ts";
import { within } from "./within.ts";

/** Whether a client of the stack is served, and the certificate that it is shown. */
export type Served = {
  url: string;
  /** How long the answer took; undefined where the registry does not serve. */
  milliseconds?: number;
  /** Why a client is not served. */
  problem?: string;
  /** Undefined without TLS, and where nothing answers. */
  certificate?: Pick<X509Certificate, "issuer" | "validFrom" | "validTo" | "fingerprint256">;
};

/** How long a client waits, in seconds. */
const limitSeconds = 10;

/**
 * Asks the registry for a manifest that is not there, as a client would before a push: by the registry's name, with TLS
 * and an account where pulls need one. Only distribution, with a storage that it can read, says that it is not there.
 */
export async function served(stack: Pick<LiveStack, "settings">, outputs: StackOutputs): Promise<Served> {
  const url = apiUrl(outputs.registryUrl);
  const began = performance.now();
  const [problem, certificate] = await Promise.all([problemOf(stack, outputs, url), shownCertificate(url)]);
  return {
    url,
    ...(problem === undefined ? { milliseconds: Math.round(performance.now() - began) } : { problem }),
    ...(certificate && { certificate }),
  };
}

async function problemOf(
  stack: Pick<LiveStack, "settings">,
  outputs: StackOutputs,
  url: string,
): Promise<string | undefined> {
  const [logins, repository] = [loginsOf(stack, outputs), repositoryOf(stack.settings)];
  try {
    await within(limitSeconds, url, async (signal) => {
      using api = new RegistryApi({ url, ca: outputs.registryCa }, logins);
      signal.addEventListener("abort", () => api[Symbol.dispose]());
      // First, since it says more than a manifest that is not there.
      await api.requireRegistry();
      await api.manifest(repository, placeholderTag);
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    // Whoever has no account with this right is denied by a registry that serves.
    const asExpected = error instanceof DeniedError && logins({ right: "pull", repository }) === undefined;
    return asExpected ? undefined : error.message;
  }
}

function repositoryOf({ variant, containerRegistry }: Settings): string {
  if (variant.kind === "existing") return repositoryBelow(containerRegistry, variant.probeRepository);
  return probeRepository(containerRegistry);
}

/** The certificate that the server shows, valid or not. */
function shownCertificate(url: string): Promise<X509Certificate | undefined> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== "https:") return Promise.resolve(undefined);
  const host = hostname.replace(/[[\]]/g, "");
  return new Promise((resolve) => {
    const servername = isIP(host) ? undefined : host;
    const socket = connect({ host, port: Number(port || 443), servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.setTimeout(limitSeconds * 1000, () => socket.destroy());
    socket.on("error", () => resolve(undefined)).on("close", () => resolve(undefined));
  });
}
