import { createHash } from "node:crypto";
import type { Credentials } from "../../../existing/plan.ts";
import type { Outcome, PushSteps } from "./client-facts.ts";
import type { ClientRequests } from "./client-requests.ts";
import { ownTag, type PushTarget } from "./push-target.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";

/** The empty blob of the OCI specification. */
const blob = "{}";

type Logins = { pusher: Credentials; deleter: Credentials };

/**
 * Pushes a tiny image, pulls it by its digest and deletes it, as clients do. Its manifest has never been pushed before, so
 * that deleting it deletes nobody else's.
 */
export async function pushAndPull(
  requests: ClientRequests,
  { account, repository }: Pick<PushTarget, "account" | "repository">,
  { pusher, deleter }: Logins,
): Promise<PushSteps> {
  const path = `/v2/${repository}`;
  const after = (step: PushSteps["step"], outcome: Outcome, expected: number): PushSteps => ({
    ...{ account, repository, step, ok: outcome.status === expected },
    outcome: { status: outcome.status, ...(outcome.reason && { reason: outcome.reason }) },
  });

  const started = await requests.ask({ method: "POST", path: `${path}/blobs/uploads/`, actions: "pull,push" }, pusher);
  const { location } = started.reply?.headers ?? {};
  const start = after("start an upload", started.outcome, 202);
  if (!start.ok || typeof location !== "string") return { ...start, ok: false };

  const authorization: Record<string, string> = started.reply?.authorization
    ? { authorization: started.reply.authorization }
    : {};
  const separator = location.includes("?") ? "&" : "?";
  const uploaded = await requests.plainly(`${location}${separator}digest=${digestOf(blob)}`, {
    method: "PUT",
    headers: { ...authorization, "content-type": "application/octet-stream" },
    body: blob,
  });
  const upload = after("upload a blob", uploaded, 201);
  if (!upload.ok) return upload;

  const manifest = newManifest();
  const pushed = await requests.plainly(`${path}/manifests/${ownTag}`, {
    method: "PUT",
    headers: { ...authorization, "content-type": manifestType },
    body: manifest,
  });
  const push = after("push a manifest", pushed, 201);
  if (!push.ok) return push;

  const byDigest = `${path}/manifests/${digestOf(manifest)}`;
  const pulled = await requests.plainly(byDigest, {
    method: "GET",
    headers: { ...authorization, accept: manifestType },
  });
  const pull = after("pull it by its digest", pulled, 200);
  const deleted = await requests.ask({ method: "DELETE", path: byDigest, actions: "pull,delete" }, deleter);
  return pull.ok ? after("delete it", deleted.outcome, 202) : pull;
}

function newManifest(): string {
  const empty = { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf(blob), size: blob.length };
  const created = `${new Date().toISOString()} ${Math.random()}`;
  return JSON.stringify({
    ...{ schemaVersion: 2, mediaType: manifestType, artifactType: "application/vnd.container-registry.doctor" },
    ...{ config: empty, layers: [empty], annotations: { "container-registry.doctor": created } },
  });
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
