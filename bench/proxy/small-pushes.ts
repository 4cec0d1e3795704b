import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { connect } from "node:tls";
import { LabError } from "../../lab/lab-error.ts";
import { digestOf } from "../../lab/proxy/content.ts";
import { password } from "../../lab/proxy/credentials.ts";
import type { Protocol } from "./protocol.ts";

type Answer = { status: number; location?: string };
type Send = (method: string, path: string, body: Buffer) => Promise<Answer>;

const atOnce = 8;
const authorization = `Basic ${Buffer.from(`jenkins:${password("jenkins")}`).toString("base64")}`;

/** Small blobs pushed a second, each by a POST and a PUT with a password, eight at once. */
export async function smallPushRate(protocol: Protocol, url: string, total: number): Promise<number> {
  const { send, close } = protocol.http2 && (await speaksHttp2(url)) ? overHttp2(url) : overHttp1(url);
  const blobs = Array.from({ length: total }, () => randomBytes(4096));
  const started = performance.now();
  const worker = async () => {
    for (let blob = blobs.pop(); blob; blob = blobs.pop()) await pushBlob(send, url, blob);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - started) / 1000;
  close();
  return total / seconds;
}

async function pushBlob(send: Send, url: string, blob: Buffer): Promise<void> {
  const start = await send("POST", "/v2/bench/small/blobs/uploads/", Buffer.alloc(0));
  const { pathname, search } = new URL(start.location ?? "", url);
  const end = await send("PUT", `${pathname}${search}&digest=${digestOf(blob)}`, blob);
  if (start.status !== 202 || end.status !== 201)
    throw new LabError(`a push to ${url} ended with ${start.status} and ${end.status}`);
}

/** Whether the server takes HTTP/2 where a client offers both. */
async function speaksHttp2(url: string): Promise<boolean> {
  const { hostname: host, port } = new URL(url);
  const options = { host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ["h2", "http/1.1"] };
  const socket = connect(options);
  await once(socket, "secureConnect");
  socket.destroy();
  return socket.alpnProtocol === "h2";
}

function overHttp1(url: string): { send: Send; close: () => void } {
  const client = url.startsWith("https:") ? https : http;
  const agent = new client.Agent({ keepAlive: true, maxSockets: atOnce });
  const send: Send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { authorization, "content-length": body.length };
      const request = client.request(url + path, { method, agent, headers, rejectUnauthorized: false }, (response) => {
        response.on("end", () => resolve({ status: response.statusCode ?? 0, location: response.headers.location }));
        response.resume();
      });
      request.on("error", reject);
      request.end(body);
    });
  return { send, close: () => agent.destroy() };
}

function overHttp2(url: string): { send: Send; close: () => void } {
  const session = http2.connect(url, { rejectUnauthorized: false });
  const send: Send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ":method": method,
        ":path": path,
        authorization,
        "content-length": body.length,
      });
      let answer: Answer = { status: 0 };
      stream.on("response", (headers) => {
        answer = { status: Number(headers[":status"]), location: headers.location };
      });
      stream.on("error", reject);
      stream.on("end", () => resolve(answer));
      stream.resume();
      stream.end(body);
    });
  return { send, close: () => session.close() };
}
