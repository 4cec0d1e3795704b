import { randomBytes } from "node:crypto";
import { ensurePrograms } from "../lab/debian/debian.ts";
import { step } from "../lab/progress.ts";
import { type StartedProxy, startProxy } from "../lab/proxy/start-proxy.ts";
import { image, storeImage } from "./clients/image.ts";
import { delayedLinkTo } from "./http2/delayed-link.ts";
import { clientNames, type Pull, pullSeconds, spokeHttp2 } from "./http2/pulls.ts";
import { type Row, row } from "./row.ts";

const rounds = 3;
const images: Record<string, number[]> = {
  "one layer of 300 MB": [300e6],
  "20 layers of 15 MB": Array(20).fill(15e6),
  "200 layers of 4 KB": Array(200).fill(4096),
};

type Pair = { http1: StartedProxy; http2: StartedProxy };

/** What HTTP/2 would change for real clients: the proxy as it is, beside the same with HTTP/2 switched on. */
export async function http2Rows(): Promise<Row[]> {
  await ensurePrograms({ skopeo: ["skopeo"], ip: ["iproute2"] }, "install skopeo and iproute2, then run it again");
  await using http1 = await startProxy({ tls: { kind: "files" } });
  await using http2 = await startProxy({ tls: { kind: "files" } }, { storage: http1.storage, http2: true });
  const pair = { http1, http2 };
  const content = Object.values(images).map((sizes, index) =>
    image(
      `bench/${index}`,
      sizes.map((size) => randomBytes(size)),
    ),
  );
  for (const each of content) await storeImage(http1.url, each, { bearer: "jenkins" });

  const speakers = await step("which client takes HTTP/2 where it is offered", () => clientsThatTake(http2));
  const offered = clientNames.map((client) =>
    row({
      ...{ what: `${client}: pulls by HTTP/2 where it is on offer`, unit: "pulls", peer: "offered" },
      pairs: [[speakers.includes(client) ? 1 : 0, 1]],
    }),
  );
  const here = { within: [], address: "127.0.0.1" };
  const near = await step("pulls without a delay", () => rowsOver(pair, speakers, "no delay", here));
  await using link = await delayedLinkTo({ milliseconds: 40 });
  const far = await step("pulls over 40 ms", () => rowsOver(pair, speakers, "40 ms", link));
  return [...offered, ...near, ...far];
}

/** Each client starts with a log in which nobody has spoken HTTP/2 yet. */
async function clientsThatTake(proxy: StartedProxy): Promise<string[]> {
  const taken: string[] = [];
  for (const client of clientNames) {
    const before = (await proxy.accessLog()).length;
    await pullSeconds(client, { within: [], host: hostOf(proxy, "127.0.0.1"), image: "bench/1:v1" });
    if (await spokeHttp2(async () => (await proxy.accessLog()).slice(before))) taken.push(client);
  }
  return taken;
}

/** The other clients speak HTTP/1.1 with both. */
async function rowsOver(
  { http1, http2 }: Pair,
  speakers: readonly string[],
  delay: string,
  from: From,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const client of speakers) {
    for (const [index, what] of Object.keys(images).entries()) {
      const seconds = (proxy: StartedProxy) =>
        pullSeconds(client, { within: from.within, host: hostOf(proxy, from.address), image: `bench/${index}:v1` });
      const pairs: [number, number][] = [];
      for (let round = 0; round < rounds; round++) {
        const first = await seconds(round % 2 ? http2 : http1);
        const second = await seconds(round % 2 ? http1 : http2);
        pairs.push(round % 2 ? [second, first] : [first, second]);
      }
      rows.push(row({ what: `${client}, ${what}, ${delay}`, unit: "s", peer: "with HTTP/2", pairs }));
    }
  }
  return rows;
}

type From = Pick<Pull, "within"> & { address: string };

function hostOf({ url }: StartedProxy, address: string): string {
  return `${address}:${new URL(url).port}`;
}
