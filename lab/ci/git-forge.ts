import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A change request that a client opened: from one branch into another. */
type ChangeRequest = { title: string; head: string; base: string };

export interface GitForge extends AsyncDisposable {
  /** The URL of the bare repository `config.git`. */
  repository: string;
  /** The API of that repository: change requests are opened by POST to `/pulls` below it, as with GitHub and Gitea. */
  api: string;
  requests: ChangeRequest[];
}

type ForgeOptions = {
  /** The folder that contains `config.git`. */
  folder: string;
  user: string;
  token: string;
};

/** Starts a Git server on 127.0.0.1: Git's own server program over HTTP, and a fake of a forge's API for change requests. */
export async function startGitForge({ folder, user, token }: ForgeOptions): Promise<GitForge> {
  const requests: ChangeRequest[] = [];
  const basic = `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`;
  const server = createServer(async (request, response) => {
    if (request.url === "/api/pulls") {
      if (request.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end("bad token");
      const asked = JSON.parse(await text(request)) as ChangeRequest;
      // @see Gitea: POST /repos/{owner}/{repo}/pulls answers 409; GitHub answers 422 with the same words
      if (requests.some(({ head }) => head === asked.head))
        return void response.writeHead(409).end('{"message":"pull request already exists for these targets"}');
      requests.push(asked);
      return void response.writeHead(201).end("{}");
    }
    if (request.headers.authorization !== basic)
      return void response.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
    serveGit(folder, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    repository: `${url}/config.git`,
    api: `${url}/api`,
    requests,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** @see git-http-backend(1), which is a CGI program */
function serveGit(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://127.0.0.1");
  const backend = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      REMOTE_USER: "git",
      REQUEST_METHOD: request.method,
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  backend.on("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    for (const line of output.toString("utf8", 0, end).split("\r\n")) {
      const [name = "", value = ""] = line.split(": ");
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(output.subarray(end + 4));
  });
}
