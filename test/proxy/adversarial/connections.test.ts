import { floodOf } from "../../../lab/proxy/flood.ts";
import { manyHeaders } from "../support/many-headers.ts";
import { type Attack, survives } from "../support/survives.ts";

/** A number of connections that is higher than the number of files that the proxy may have open. */
const all = 1200;

const attacks: Attack[] = [
  { name: "connections that say nothing", begin: (url) => floodOf(url, { connections: 300 }) },
  {
    name: "connections that asked once and stay",
    begin: async (url) => {
      const flood = await floodOf(url, { connections: 300 });
      await flood.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return flood;
    },
  },
  {
    name: "connections that begin TLS and stop",
    begin: async (url) => {
      const flood = await floodOf(url.replace("https:", "http:"), { connections: 300 });
      await flood.write(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]));
      return flood;
    },
  },
  { name: "all connections that there are", takesAll: true, begin: (url) => floodOf(url, { connections: all }) },
  {
    name: "all connections that there are, each with many headers",
    takesAll: true,
    begin: async (url) => {
      const flood = await floodOf(url, { connections: all });
      await flood.write(`POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n${manyHeaders}\r\n`);
      return flood;
    },
  },
];

survives(attacks, { atOnce: true });
