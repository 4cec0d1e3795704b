import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ask, type Question } from "../../lab/proxy/ask.ts";
import { token } from "../../lab/proxy/credentials.ts";
import { pushRate } from "./load.ts";
import type { Protocol } from "./protocol.ts";

/** The repository that is pushed to. */
export const repository = "bench/pushed";

export type LargePush = {
  protocol: Protocol;
  file: string;
  digest: string;
  /** Deletes the blob from the storage afterwards, so that each push stores it anew. */
  forget: () => Promise<void>;
  account?: string;
};

/** Megabytes a second of one large blob pushed. */
export async function largePushRate(
  url: string,
  { protocol, file, digest, forget, account }: LargePush,
): Promise<number> {
  const as: Question = account === undefined ? {} : { bearer: account };
  const start = await ask({ url }, `POST /v2/${repository}/blobs/uploads/`, as);
  const location = new URL(String(start.headers.location), url);
  const headers = ["Expect:", "Content-Type: application/octet-stream"];
  if (account !== undefined) headers.push(`Authorization: Bearer ${token(account)}`);
  location.searchParams.set("digest", digest);
  const rate = await pushRate(protocol, `${url}${location.pathname}${location.search}`, file, headers);
  await forget();
  return rate;
}

/** Deletes the pushed blob from distribution's storage. */
export async function forgetBlob(storage: string, digest: string): Promise<void> {
  const hex = digest.slice("sha256:".length);
  const root = join(storage, "docker/registry/v2");
  await rm(join(root, "blobs/sha256", hex.slice(0, 2), hex), { recursive: true });
  await rm(join(root, "repositories", repository), { recursive: true });
}
