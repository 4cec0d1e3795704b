import { proxyFiles } from "../proxy/proxy-config.ts";
import { collectionPart } from "./collection-part.ts";

export type CollectScript = {
  /** The storage's path on the machine that runs the script. */
  storagePath: string;
  /** How many days the trash keeps a collected blob. */
  graceDays: number;
  /** The socket, as the proxy sees it, to which the proxy sends writes after a hold. @default proxyFiles.writesSocket */
  writesSocket?: string;
};

/** In the order in which the script needs them. */
const parts = ["paths", "storage", "trash", "hold", "tasks", "disk-use", "main"];

/** The shell program that collects garbage in a storage of distribution, behind Caddy. */
export function collectScript({
  storagePath,
  graceDays,
  writesSocket = proxyFiles.writesSocket,
}: CollectScript): string {
  const variables = `storage='${storagePath}'\ngrace_days=${graceDays}\nwrites_socket='${writesSocket}'\n`;
  return ["#!/bin/sh\n", variables, ...parts.map(collectionPart)].join("");
}
