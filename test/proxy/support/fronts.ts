import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { freePort } from "../../../lab/network/free-port.ts";
import { ask, type Question } from "../../../lab/proxy/ask.ts";
import { pushImage } from "../../../lab/proxy/content.ts";
import { productionEnvironment } from "../../../lab/proxy/production-environment.ts";
import { account, startProxy } from "../../../lab/proxy/start-proxy.ts";
import { startTraefik } from "../../../lab/proxy/start-traefik.ts";

/** A running proxy in front of a registry, in one of the configurations that production uses. */
export type Front = AsyncDisposable & {
  /** URL of every port that the proxy listens on. The first URL serves the registry. */
  urls: readonly [string, ...string[]];
  pid: number;
  /** Whether clients without a password may pull. */
  anonymousReads: boolean;
  log(): Promise<string>;
};

/** The cost of bcrypt hashes, which is the same as in production. */
const bcryptCost = 10;

/** All configurations of the proxy that clients can connect to in production. A new configuration must be added here. */
export const fronts: readonly { name: string; start(): Promise<Front> }[] = [
  { name: "the proxy on a machine, with TLS and port 80", start: () => startMachine({ kind: "files" }) },
  { name: "the proxy on a machine, in plain HTTP", start: () => startMachine({ kind: "none" }) },
  { name: "the proxy behind a Service, plain and TLS", start: startService },
  { name: "Traefik with TLS and port 80", start: startTraefikFront },
];

async function startMachine(tls: { kind: "files" } | { kind: "none" }): Promise<Front> {
  const proxy = await startProxy({ tls, ui: { kind: "files", root: "/nonexistent" } }, { bcryptCost });
  await pushImage(proxy, "team-a/app", "v1", layer, { bearer: "jenkins" });
  const urls: Front["urls"] = tls.kind === "files" ? [proxy.url, proxy.plainUrl] : [proxy.url];
  return front(urls, proxy.server, true, () => proxy.accessLog(), proxy);
}

async function startService(): Promise<Front> {
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  const proxy = await startProxy(
    { tls: { kind: "files" }, listens: { kind: "service", plainPort, tlsPort, forwardedFrom: ["10.0.0.0/8"] } },
    { bcryptCost },
  );
  await pushImage(proxy, "team-a/app", "v1", layer, { bearer: "jenkins" });
  return front([proxy.url, `https://localhost:${tlsPort}`], proxy.server, true, () => proxy.accessLog(), proxy);
}

async function startTraefikFront(): Promise<Front> {
  const accounts = [account("jenkins", { push: ["**"], delete: ["**"] })];
  const traefik = await startTraefik({ accounts }, { bcryptCost });
  await pushImage(traefik, "team-a/app", "v1", layer, { basic: "jenkins" });
  return front([traefik.url, traefik.plainUrl], traefik.proxy, false, () => traefik.proxy.log(), traefik);
}

/** The layer of the test image, which is larger than the buffer of any socket. */
export const layer = Buffer.alloc(20e6, "layer");

function front(
  urls: Front["urls"],
  { child }: { child: { pid?: number } },
  anonymousReads: boolean,
  log: () => Promise<string>,
  started: AsyncDisposable,
): Front {
  if (child.pid === undefined) throw new Error("the front did not start");
  return { urls, pid: child.pid, anonymousReads, log, [Symbol.asyncDispose]: () => started[Symbol.asyncDispose]() };
}

/** Expects that a well-behaved client can pull a manifest and start a push. Each may take a minute, as on a busy machine. */
export async function honestClientIsServed({ urls: [url], anonymousReads }: Front): Promise<void> {
  const jenkins: Question = anonymousReads ? { bearer: "jenkins" } : { basic: "jenkins" };
  const reader = anonymousReads ? {} : jenkins;
  expect((await withRetries(() => ask({ url }, "GET /v2/team-a/app/manifests/v1", reader))).status).toBe(200);
  expect((await withRetries(() => ask({ url }, "POST /v2/team-a/app/blobs/uploads/", jenkins))).status).toBe(202);
}

/** Repeats a request, as clients do, when the connection fails or the server is busy. */
async function withRetries(request: () => ReturnType<typeof ask>): ReturnType<typeof ask> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await request().catch((error: unknown) => error);
    const done = !(answer instanceof Error) && (answer as Awaited<ReturnType<typeof ask>>).status < 500;
    if (done) return answer as Awaited<ReturnType<typeof ask>>;
    if (Date.now() > deadline) throw answer;
    await sleep(250);
  }
}

/**
 * The largest amount of memory that the process has used, in MiB. The pages of the program's file are left out, because the
 * kernel can drop them if memory is short.
 */
export async function peakMemoryMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const mebibytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return mebibytes("VmHWM") - mebibytes("RssFile");
}

/** The memory limit of the proxy's container. The kernel kills a process that uses more memory. */
export const memoryLimitMib = productionEnvironment().proxyMemoryMib;
