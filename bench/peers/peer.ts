import type { ServerProcess } from "../../lab/proxy/server-process.ts";

/** A started registry, or something that answers as one. */
export type Peer = AsyncDisposable & { url: string; servers: readonly ServerProcess[] };
