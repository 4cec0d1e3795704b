import { digestOf } from "../../../lab/proxy/content.ts";
import { type Flood, floodOf } from "../../../lab/proxy/flood.ts";
import { layer } from "../support/fronts.ts";
import { manyHeaders } from "../support/many-headers.ts";
import { type Attack, survives } from "../support/survives.ts";

const start = "GET /v2/ HTTP/1.1\r\nHost: localhost\r\n";

const attacks: Attack[] = [
  {
    name: "headers of a megabyte that do not end",
    begin: (url) => flooded(url, 400, `${start}X-Long: `, ..."0123456789abcdef".split("").map((x) => x.repeat(60_000))),
  },
  { name: "long headers that do not end", begin: (url) => flooded(url, 400, `${start}X-Long: ${"a".repeat(7900)}`) },
  { name: "many headers that do not end", begin: (url) => flooded(url, 400, start + manyHeaders) },
  {
    name: "many headers, again and again",
    begin: (url) => flooded(url, 100, ...Array(50).fill(`${start}${manyHeaders}\r\n`)),
  },
  {
    name: "many headers of a body that does not come",
    begin: (url) =>
      flooded(
        url,
        400,
        `POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n${manyHeaders}\r\n`,
      ),
  },
  {
    name: "many headers of a download that nobody reads",
    begin: async (url) => {
      const flood = await floodOf(url, { connections: 250 });
      for (const socket of flood.sockets) socket.pause();
      const path = `/v2/team-a/app/blobs/${digestOf(layer)}`;
      await flood.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${manyHeaders}\r\n`);
      return flood;
    },
  },
  {
    name: "a path that does not end",
    begin: (url) => flooded(url, 400, `GET /${"a".repeat(100_000)}`, "a".repeat(900_000)),
  },
  { name: "a method that does not end", begin: (url) => flooded(url, 400, "A".repeat(100_000), "A".repeat(900_000)) },
];

survives(attacks);

async function flooded(url: string, connections: number, ...texts: string[]): Promise<Flood> {
  const flood = await floodOf(url, { connections });
  for (const text of texts) await flood.write(text);
  return flood;
}
