import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type GoBinary, goBinary } from "../../lab/go/go-build.ts";
import { answering, type ServerProcess, startProcess } from "../../lab/proxy/server-process.ts";

/** A started registry, or something that answers as one. */
export type Peer = AsyncDisposable & { url: string; servers: readonly ServerProcess[] };

export type PeerProgram = {
  binary: GoBinary;
  args: string[];
  env?: Record<string, string>;
  /** Holds its files and its log, and is deleted when it ends. */
  directory: string;
  url: string;
  /** A method and a path, which are answered once it serves. */
  question: string;
};

/** Starts a program as a peer, and waits until it answers. */
export async function startPeer({ binary, args, env = {}, directory, url, question }: PeerProgram): Promise<Peer> {
  const server = startProcess(await goBinary(binary), args, join(directory, "log"), env);
  await answering(url, question, [server]);
  return {
    url,
    servers: [server],
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}
