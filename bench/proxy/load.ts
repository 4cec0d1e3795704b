import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { ensurePrograms } from "../../lab/debian/debian.ts";
import { LabError } from "../../lab/lab-error.ts";
import type { Protocol } from "./protocol.ts";

/** Installs the load generators, which use little CPU: they share the machine with the servers they measure. */
export async function requireLoadTools(): Promise<void> {
  await ensurePrograms(
    { h2load: ["nghttp2-client"], curl: ["curl"] },
    "the benchmark loads servers with h2load and curl; install them (Debian's nghttp2-client and curl), then run it again",
  );
}

export type Requests = {
  protocol: Protocol;
  /** Requested in turn. */
  urls: readonly string[];
  total: number;
  connections: number;
  /** A folder for the list of URLs. */
  scratch: string;
  accept?: string;
  /** Address to connect to instead of the URLs' host. @default what the name resolves to */
  address?: string;
};

/** Requests a second; anything but 200 is an error. */
export async function requestsPerSecond({
  protocol,
  urls,
  total,
  connections,
  scratch,
  accept,
  address,
}: Requests): Promise<number> {
  const list = join(scratch, "urls");
  await writeFile(list, `${urls.join("\n")}\n`);
  const args = [
    `--requests=${total}`,
    `--clients=${connections}`,
    "--max-concurrent-streams=1",
    `--input-file=${list}`,
  ];
  if (!protocol.http2) args.push("--h1");
  if (accept) args.push("--header", `accept: ${accept}`);
  if (address) args.push(`--connect-to=${address}`);
  const { stdout } = await execa("h2load", args);
  const rate = /finished in [^,]+, ([\d.]+) req\/s/.exec(stdout)?.[1];
  if (!rate || !stdout.includes(`status codes: ${total} 2xx`))
    throw new LabError(`h2load ${args.join(" ")}:\n${stdout}`);
  return Number(rate);
}

/** Megabytes a second of one download; `address` replaces the URL's host. */
export async function pullRate(protocol: Protocol, url: string, address?: string): Promise<number> {
  const way = address === undefined ? [] : ["--connect-to", `::${address}`];
  return transferRate(protocol, [...way, "--output", "/dev/null", url], "speed_download");
}

/** Megabytes a second of one upload. */
export async function pushRate(protocol: Protocol, url: string, file: string, headers: string[]): Promise<number> {
  const args = [
    "--upload-file",
    file,
    ...headers.flatMap((header) => ["--header", header]),
    "--output",
    "/dev/null",
    url,
  ];
  return transferRate(protocol, args, "speed_upload");
}

async function transferRate(protocol: Protocol, args: string[], speed: string): Promise<number> {
  const version = protocol.http2 ? "--http2" : "--http1.1";
  const { stdout } = await execa("curl", [
    "--silent",
    "--fail",
    "--insecure",
    version,
    "--write-out",
    `%{${speed}}`,
    ...args,
  ]);
  return Number(stdout) / 1e6;
}
