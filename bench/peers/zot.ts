import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GoBinary, goBinary } from "../../lab/go/go-build.ts";
import { LabError } from "../../lab/lab-error.ts";
import { freePort } from "../../lab/network/free-port.ts";
import { say } from "../../lab/progress.ts";
import { certificate } from "../../lab/proxy/certificate.ts";
import { type Peer, startPeer } from "./peer.ts";

/** zot without its extensions, as its `make binary-minimal` builds it. */
export const zot: GoBinary = {
  name: "zot",
  version: "2.1.20",
  package: "zotregistry.dev/zot/v2/cmd/zot",
  binary: "zot",
  experiment: "jsonv2",
};

/** Whether zot is built or can be; it is left out of the rows where its module cannot be had. */
export async function zotCanBeHad(): Promise<boolean> {
  try {
    await goBinary(zot);
    return true;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    say(`zot is left out: ${error.message}`);
    return false;
  }
}

/** Starts zot with the defaults of its documentation, where everybody may push and pull. */
export async function startZot(tls: boolean): Promise<Peer & { storage: string }> {
  const directory = await mkdtemp(join(tmpdir(), "zot-"));
  const path = (name: string) => join(directory, name);
  const port = await freePort();
  const http = { address: "127.0.0.1", port: String(port) };
  const files = { cert: path("cert.pem"), key: path("key.pem") };
  const { cert, key } = await certificate();
  await writeFile(files.cert, cert);
  await writeFile(files.key, key);
  const config = {
    distSpecVersion: "1.1.1",
    storage: { rootDirectory: path("storage") },
    http: { ...http, ...(tls && { tls: files }) },
    log: { level: "warn" },
  };
  await writeFile(path("config.json"), JSON.stringify(config));
  const url = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
  const args = ["serve", path("config.json")];
  const peer = await startPeer({ binary: zot, args, directory, url, question: "GET /v2/" });
  return { ...peer, storage: path("storage") };
}
