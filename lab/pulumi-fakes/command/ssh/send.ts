import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Log } from "../../plugin/engine-log.ts";
import { assetSignature, hasSignature, type PropertyValue, text } from "../../plugin/property.ts";
import type { Connection } from "./connection.ts";
import { dial } from "./dial.ts";
import { RemoteFiles } from "./remote-files.ts";

/**
 * Sends an asset or archive over SFTP, as it is: no mode, no owner, an existing file written over in place.
 *
 * | source | destination is a directory | is not there | is a file |
 * |---|---|---|---|
 * | `dir` | destination/dir | destination/dir | error |
 * | `dir/` | what is in it | what is in it | error |
 * | `file` | destination/file | destination | destination |
 * | text | error | destination | destination |
 *
 * @see pulumi-command 1.2.1: copyController.go
 */
export async function sendSource(
  connection: Connection,
  source: PropertyValue,
  destination: string,
  log: Log,
): Promise<void> {
  const client = await dial(connection, log);
  try {
    const files = await RemoteFiles.over(client);
    const given = typeof source === "object" && !Array.isArray(source) ? source : null;
    const content = text(given?.text);
    if (hasSignature(source, assetSignature) && content !== undefined) await sendText(files, content, destination);
    else await sendPath(files, text(given?.path) ?? "", destination);
  } finally {
    client.end();
  }
}

async function sendText(files: RemoteFiles, content: string, destination: string): Promise<void> {
  if ((await files.kind(destination)) === "directory")
    throw new Error(
      `remote path ${destination} is a directory; when using a text asset, remotePath must be a file path`,
    );
  await files.makeDirectories(dirname(destination));
  await files.write(destination, content);
}

async function sendPath(files: RemoteFiles, source: string, destination: string): Promise<void> {
  const kind = await files.kind(destination);
  if (!(await stat(source)).isDirectory()) {
    if (kind === undefined) await files.makeDirectories(dirname(destination));
    return files.send(source, kind === "directory" ? join(destination, basename(source)) : destination);
  }
  if (kind === undefined) await files.makeDirectories(destination);
  await sendDirectory(files, source, source.endsWith("/") ? destination : join(destination, basename(source)));
}

async function sendDirectory(files: RemoteFiles, source: string, destination: string): Promise<void> {
  const kind = await files.kind(destination);
  if (kind === "file") throw new Error(`remote path ${destination} exists but is not a directory`);
  if (kind === undefined) await files.makeDirectory(destination);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(destination, entry.name)];
    await (entry.isDirectory() ? sendDirectory(files, from, to) : files.send(from, to));
  }
}
