import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Kubectl } from "../cluster/kubectl.ts";
import { type KeyPair, sign } from "./sign.ts";
import { certificateSpec, type IssuerSpec, issuerSpec, NotSupported } from "./specs.ts";

type Condition = { type: string; status: string; observedGeneration?: number; reason: string; message: string };
type Owned = {
  kind: string;
  metadata: { name: string; generation: number; deletionTimestamp?: string };
  spec: unknown;
  status?: { conditions?: Condition[]; revision?: number };
};
type Secret = {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  data?: Record<string, string>;
};
type Said = { ready: boolean; reason: string; message: string };

/** Reconciles the issuers and certificates of a namespace once. It skips those whose Secrets do not exist yet. */
export async function reconcile(kubectl: Kubectl, namespace: string): Promise<void> {
  const kinds = "issuers.cert-manager.io,certificates.cert-manager.io,secrets";
  const { items } = JSON.parse(await kubectl(["get", kinds, ...json(namespace)])) as { items: (Owned | Secret)[] };
  const owned = items.filter((each): each is Owned => each.kind !== "Secret");
  const overwritten = items.filter((each): each is Secret => each.kind === "Secret" && isOverwritten(each));
  const cluster = { kubectl, namespace };
  for (const object of owned.filter((each) => hasWork(each, overwritten))) {
    const said = await (object.kind === "Issuer" ? issuer(object, cluster) : certificate(object, owned, cluster)).catch(
      unsupported,
    );
    await writeStatus(object, said, cluster);
  }
}

function hasWork(object: Owned, overwritten: readonly Secret[]): boolean {
  if (object.metadata.deletionTimestamp !== undefined) return false;
  const { secretName } = Object(object.spec);
  return !isReady(object) || overwritten.some(({ metadata }) => metadata.name === secretName);
}

/**
 * Annotation of a Secret: the hash of the certificate that this fake wrote, so that the fake notices when somebody overwrote
 * the certificate. The real cert-manager notices that by comparing the private key with its last request's.
 */
const signedAnnotation = "container-registry-lab/signed";

function isOverwritten({ metadata, data }: Secret): boolean {
  const mark = metadata.annotations?.[signedAnnotation];
  return mark !== undefined && mark !== hash(decoded(data?.["tls.crt"] ?? ""));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

type Cluster = { kubectl: Kubectl; namespace: string };

async function issuer({ spec }: Owned, cluster: Cluster): Promise<Said> {
  const known = issuerSpec(spec);
  if ("selfSigned" in known) return { ready: true, reason: "IsReady", message: "" };
  if (await keyPair(known.ca.secretName, cluster))
    return { ready: true, reason: "KeyPairVerified", message: "Signing CA verified" };
  const message = `Error getting keypair for CA issuer: secrets "${known.ca.secretName}" not found`;
  return { ready: false, reason: "ErrGetKeyPair", message };
}

async function certificate({ metadata, spec }: Owned, all: Owned[], cluster: Cluster): Promise<Said> {
  const known = certificateSpec(spec);
  const by = all.find(({ kind, metadata }) => kind === "Issuer" && metadata.name === known.issuerRef.name);
  if (by === undefined || !isReady(by))
    return { ready: false, reason: "DoesNotExist", message: "Issuing certificate as Secret does not exist" };

  const annotations = {
    "cert-manager.io/certificate-name": metadata.name,
    "cert-manager.io/common-name": known.commonName ?? "",
    "cert-manager.io/alt-names": known.dnsNames.join(","),
    "cert-manager.io/ip-sans": known.ipAddresses.join(","),
    "cert-manager.io/issuer-name": by.metadata.name,
  };
  const before = await secret(known.secretName, cluster);
  const isCurrent = Object.entries(annotations).every(([key, value]) => before?.metadata.annotations?.[key] === value);
  if (before === undefined || !isCurrent || isOverwritten(before)) {
    const oldKey = known.privateKey.rotationPolicy === "Never" ? before?.data?.["tls.key"] : undefined;
    const signed = await sign(known, await caOf(issuerSpec(by.spec), cluster), oldKey && decoded(oldKey));
    const mark = { [signedAnnotation]: hash(signed["tls.crt"]) };
    await writeSecret(known.secretName, { ...annotations, ...mark }, signed, cluster);
  }
  return { ready: true, reason: "Ready", message: "Certificate is up to date and has not expired" };
}

function caOf(spec: IssuerSpec, cluster: Cluster): Promise<KeyPair | undefined> {
  return "ca" in spec ? keyPair(spec.ca.secretName, cluster) : Promise.resolve(undefined);
}

async function keyPair(name: string, cluster: Cluster): Promise<KeyPair | undefined> {
  const found = await secret(name, cluster);
  const text = (key: string) => decoded(found?.data?.[key] ?? "");
  return found && { "tls.crt": text("tls.crt"), "tls.key": text("tls.key"), "ca.crt": text("ca.crt") };
}

async function secret(name: string, { kubectl, namespace }: Cluster): Promise<Secret | undefined> {
  const text = await kubectl(["get", "secret", name, "--ignore-not-found", ...json(namespace)]);
  return text === "" ? undefined : (JSON.parse(text) as Secret);
}

async function writeSecret(
  name: string,
  annotations: Record<string, string>,
  stringData: KeyPair,
  { kubectl, namespace }: Cluster,
): Promise<void> {
  // The Secret has no owner reference, as with the real cert-manager: it stays when its Certificate is deleted.
  const object = { metadata: { name, namespace, annotations }, type: "kubernetes.io/tls", stringData };
  const apply = ["apply", "--server-side", "--field-manager=cert-manager-certificates-issuing", "--force-conflicts"];
  await kubectl([...apply, "--filename", "-"], JSON.stringify({ apiVersion: "v1", kind: "Secret", ...object }));
}

async function writeStatus(
  { kind, metadata, status }: Owned,
  said: Said,
  { kubectl, namespace }: Cluster,
): Promise<void> {
  const condition = {
    type: "Ready",
    status: said.ready ? "True" : "False",
    observedGeneration: metadata.generation,
    reason: said.reason,
    message: said.message,
  };
  const [before] = status?.conditions ?? [];
  const { lastTransitionTime: _, ...same } = { lastTransitionTime: "", ...before };
  if (isDeepStrictEqual(same, condition)) return;
  const revision = kind === "Certificate" && said.ready ? { revision: (status?.revision ?? 0) + 1 } : {};
  const conditions = [{ ...condition, lastTransitionTime: new Date().toISOString() }];
  const patch = JSON.stringify({ status: { ...revision, conditions } });
  const object = `${kind.toLowerCase()}s.cert-manager.io/${metadata.name}`;
  const how = ["--subresource=status", "--type=merge", "--patch", patch, "--namespace", namespace];
  await kubectl(["patch", object, ...how]).catch(ignoreNotFound);
}

/** Ignores kubectl's NotFound error: the object may have been deleted after it was listed. */
function ignoreNotFound(error: Error): void {
  if (!error.message.includes("(NotFound)")) throw error;
}

function isReady({ metadata, status }: Owned): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" && ready.observedGeneration === metadata.generation;
}

function unsupported(error: unknown): Said {
  if (!(error instanceof NotSupported)) throw error;
  return { ready: false, reason: error.name, message: error.message };
}

const json = (namespace: string) => ["--namespace", namespace, "--output", "json"];
const decoded = (text: string) => Buffer.from(text, "base64").toString();
