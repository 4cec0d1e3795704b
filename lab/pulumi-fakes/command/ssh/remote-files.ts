import { dirname } from "node:path";
import ssh2, { type Client, type SFTPWrapper } from "ssh2";

/** Files of an SSH server, by SFTP. */
export class RemoteFiles {
  readonly #sftp: SFTPWrapper;

  constructor(sftp: SFTPWrapper) {
    this.#sftp = sftp;
  }

  static over(client: Client): Promise<RemoteFiles> {
    return new Promise((resolve, reject) => {
      client.sftp((error, sftp) => (error ? reject(error) : resolve(new RemoteFiles(sftp))));
    });
  }

  /** Undefined if the path does not exist. */
  kind(path: string): Promise<"directory" | "file" | undefined> {
    return new Promise((resolve, reject) => {
      this.#sftp.stat(path, (error, stats) => {
        if (!error) resolve(stats.isDirectory() ? "directory" : "file");
        else if (statusOf(error) === ssh2.utils.sftp.STATUS_CODE.NO_SUCH_FILE) resolve(undefined);
        else reject(new Error(`failed to stat remote path ${path}: ${error.message}`));
      });
    });
  }

  makeDirectory(path: string): Promise<void> {
    return this.#do(`failed to create remote directory ${path}`, (done) => this.#sftp.mkdir(path, done));
  }

  async makeDirectories(path: string): Promise<void> {
    if ((await this.kind(path)) === "directory") return;
    if (dirname(path) !== path) await this.makeDirectories(dirname(path));
    await this.makeDirectory(path);
  }

  write(path: string, content: string): Promise<void> {
    return this.#do(`failed to create remote file ${path}`, (done) => this.#sftp.writeFile(path, content, done));
  }

  /** Uploads one file over SFTP. Many of its writes are on their way at the same time, for speed. */
  send(source: string, path: string): Promise<void> {
    return this.#do(`failed to copy file ${source} to remote path ${path}`, (done) =>
      this.#sftp.fastPut(source, path, done),
    );
  }

  #do(failure: string, operation: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      operation((error) => (error ? reject(new Error(`${failure}: ${error.message}`)) : resolve()));
    });
  }
}

function statusOf(error: Error & { code?: unknown }): unknown {
  return error.code;
}
