import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type GoBinary, goBinary } from "../../lab/go/go-build.ts";

const containerdVersion = "2.2.1";

/** Many clients in one program, on containerd's own client library, the one of its CRI plugin. */
export const containerdClients: GoBinary = {
  name: "containerd-clients",
  version: containerdVersion,
  package: ".",
  binary: "containerd-clients",
  goMod: `module bench/containerd-clients\n\ngo 1.25\n\nrequire github.com/containerd/containerd/v2 v${containerdVersion}\n`,
  sources: { "main.go": readFileSync(join(import.meta.dirname, "containerd-clients.go"), "utf8") },
};

export type Orders = {
  /** `HOST:PORT`, with TLS. */
  host: string;
  /** The image that is pulled, without the host. */
  image: string;
  pulls: number;
  /** How many push, at the same time, an image of their own. */
  pushes: number;
  pushLayers: number;
  layerBytes: number;
  /** Who pushes. @default nobody in particular */
  user?: string;
  password?: string;
};

export type ClientsResult = {
  /** Until everybody is done. */
  seconds: number;
  /** One of each client that pulled without an error. */
  pullSeconds: number[];
  /** Errors of the other clients. */
  failures: string[];
};

/** Runs the clients, each with connections of its own, and waits for all of them. */
export async function runClients(orders: Orders): Promise<ClientsResult> {
  const { stdout } = await execa(await goBinary(containerdClients), {
    input: JSON.stringify(orders),
    timeout: 600_000,
  });
  return JSON.parse(stdout) as ClientsResult;
}
