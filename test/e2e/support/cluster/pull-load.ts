import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { digestOf } from "../../../../lab/proxy/content.ts";

export type PullLoadOptions = {
  /** The ingress controller's address. */
  address: string;
  /** The registry's host name. */
  host: string;
  ca: string;
  /** What is pulled in turn: the path of each manifest or blob, by its digest. */
  contents: Record<string, string>;
};

/** What the load has done so far. `failed` has the reason of each failed request. */
export type PullLoad = {
  requests: number;
  failed: string[];
  /** The reasons of failed requests that failed again when they were repeated a second later. */
  failedTwice: string[];
};

const workers = 16;

/** The pause between two requests of a worker, since the load need not be high. */
const pauseMs = 40;

/** How long to wait for an answer to begin, as clients do. */
const retryMs = 15_000;

/** Starts many small pulls over connections that stay open, as those of proxies and nodes do. They continue until `stop`. */
export function startPullLoad(options: PullLoadOptions): { sofar: PullLoad; stop(): Promise<PullLoad> } {
  const agent = new https.Agent({ keepAlive: true, maxSockets: workers });
  const load: PullLoad = { requests: 0, failed: [], failedTwice: [] };
  let stopped = false;
  const worker = async (number: number) => {
    const contents = Object.entries(options.contents);
    for (let turn = number; !stopped; turn++) {
      const [digest, path] = contents[turn % contents.length] ?? ["", ""];
      load.requests++;
      const failure = await pull(options, path, digest, agent);
      if (failure !== undefined) {
        load.failed.push(failure);
        await sleep(1000);
        const again = await pull(options, path, digest, agent);
        if (again !== undefined) load.failedTwice.push(`${failure}; then ${again}`);
      }
      await sleep(pauseMs);
    }
  };
  const running = Promise.all(Array.from({ length: workers }, (_, number) => worker(number)));
  return {
    sofar: load,
    stop: async () => {
      stopped = true;
      await running;
      agent.destroy();
      return load;
    },
  };
}

/** Pulls once. Returns the reason of a failure, or undefined after success. */
function pull(
  { address, host, ca }: PullLoadOptions,
  path: string,
  digest: string,
  agent: https.Agent,
): Promise<string | undefined> {
  const accept = "application/vnd.oci.image.manifest.v1+json";
  const options = { hostname: address, servername: host, path, ca, agent, headers: { host, accept } };
  return new Promise((resolve) => {
    const request = https.get({ ...options, timeout: retryMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", (error) => resolve(`${path}: ${error.message}`));
      response.on("end", () => {
        const body = Buffer.concat(chunks);
        if (response.statusCode !== 200) resolve(`${path}: ${response.statusCode} ${body.toString().slice(0, 200)}`);
        else resolve(digestOf(body) === digest ? undefined : `${path}: other bytes than were pushed`);
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${retryMs} ms`)));
    request.on("error", (error) => resolve(`${path}: ${error.message}`));
  });
}
