import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { digestOf } from "../../../../lab/proxy/content.ts";

export type PullLoadOptions = {
  /** Where the ingress controller answers. */
  address: string;
  /** The registry's name. */
  host: string;
  ca: string;
  /** What is asked for in turn, path by digest of what comes. */
  contents: Record<string, string>;
};

/** Requests that failed, in words. */
export type PullLoad = {
  requests: number;
  failed: string[];
  /** Of those, what failed once more a second later. */
  failedTwice: string[];
};

const workers = 16;

/** Between two requests of a worker: this is no benchmark. */
const pauseMs = 40;

/** As long as clients wait for an answer to begin. */
const retryMs = 15_000;

/** Many small pulls over connections that stay open, as proxies and nodes keep them, until `stop`. */
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

/** Nothing where it went well. */
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
