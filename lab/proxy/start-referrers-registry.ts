import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GoBinary, goBinary } from "../go/go-build.ts";
import { crane } from "../images/machine-image.ts";
import { freePort } from "../network/free-port.ts";
import { answering, startProcess } from "./server-process.ts";

/**
 * go-containerregistry's registry with the referrers API of OCI 1.1, which distribution does not have, and Harbor, GHCR
 * and others do. Its own command leaves that API out.
 */
const referrersRegistry: GoBinary = {
  name: "referrers-registry",
  version: crane.version,
  package: "lab/referrers-registry",
  binary: "referrers-registry",
  goMod: `module lab/referrers-registry\n\ngo 1.25\n\nrequire github.com/google/go-containerregistry v${crane.version}\n`,
  sources: { "main.go": readFileSync(join(import.meta.dirname, "referrers-registry/main.go"), "utf8") },
};

/** Starts a registry that has the referrers API, without TLS and accounts. It keeps images in memory. */
export async function startReferrersRegistry(): Promise<AsyncDisposable & { url: string }> {
  const directory = await mkdtemp(join(tmpdir(), "referrers-registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const registry = startProcess(await goBinary(referrersRegistry), [address], join(directory, "registry.log"), {});
  const url = `http://${address}`;
  await answering(url, "GET /v2/", [registry]);
  return {
    url,
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
