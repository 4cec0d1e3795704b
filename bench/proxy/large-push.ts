import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { token } from "../../lab/proxy/credentials.ts";
import { pushRate } from "./load.ts";
import type { Protocol } from "./protocol.ts";

const repository = "bench/pushed";

export type LargePush = {
  protocol: Protocol;
  file: string;
  digest: string;
  /** Emptied of the blob afterwards, so that each push stores it anew. */
  storage: string;
  account?: string;
};

/** Megabytes a second of one large blob pushed. */
export async function largePushRate(
  url: string,
  { protocol, file, digest, storage, account }: LargePush,
): Promise<number> {
  const as: Question = account === undefined ? {} : { bearer: account };
  const start = await ask({ url }, `POST /v2/${repository}/blobs/uploads/`, as);
  const location = new URL(String(start.headers.location), url);
  const headers = ["Expect:", "Content-Type: application/octet-stream"];
  if (account !== undefined) headers.push(`Authorization: Bearer ${token(account)}`);
  const rate = await pushRate(protocol, `${url}${location.pathname}${location.search}&digest=${digest}`, file, headers);
  const hex = digest.slice("sha256:".length);
  const root = join(storage, "docker/registry/v2");
  await rm(join(root, "blobs/sha256", hex.slice(0, 2), hex), { recursive: true });
  await rm(join(root, "repositories", repository), { recursive: true });
  return rate;
}
