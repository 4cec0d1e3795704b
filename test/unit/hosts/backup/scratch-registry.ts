import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { backupFiles, backupSecretFiles } from "../../../../hosts/registry-host/backup.ts";
import { backupFolder } from "../../../../render/backup/paths.ts";
import { Backup } from "../../../../settings/backup.ts";
import { createEmptyRepository, repositoryPassword } from "./empty-repository.ts";

export type Outcome = { status: number | null; stdout: string; messages: string };

/** An image index of manifests, given by the hexadecimal parts of their digests. */
export function indexOf(...children: string[]): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: children.map((hex) => ({
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      digest: `sha256:${hex}`,
      size: 2,
      platform: { architecture: "amd64", os: "linux" },
    })),
  });
}

/** A folder that plays the registry host: the real backup program, with a storage as distribution writes it. */
export class ScratchRegistry {
  readonly folder = mkdtempSync(join(tmpdir(), "scratch-registry-"));
  readonly storage = join(this.folder, "storage");
  readonly repository = join(this.folder, "backups");

  /** With `initialized: false`, the first backup has to create the restic repository. */
  constructor({ initialized = true } = {}) {
    const certificates = join(this.folder, "caddy");
    const backup = Backup.parse({ to: { kind: "directory", path: "/backups" } });
    const files = backupFiles({ backup, storagePath: this.storage, certificates });
    for (const { path, text } of [...files, ...backupSecretFiles({ password: repositoryPassword })])
      this.write(join("etc", basename(path)), this.moved(text));
    this.write("caddy/account.json", "{}");
    if (initialized) createEmptyRepository(this.repository);
  }

  /** The text with the host's paths moved into the folder. */
  private moved(text: string): string {
    return text
      .replaceAll(backupFolder, join(this.folder, "etc"))
      .replaceAll("/var/lib/container-registry-backup", join(this.folder, "var"))
      .replaceAll("'/backups'", `'${this.repository}'`);
  }

  run(...args: string[]): Outcome {
    const program = join(this.folder, "etc", basename("program.sh"));
    const { status, stdout, stderr } = spawnSync("sh", [program, ...args], { encoding: "utf8" });
    return { status, stdout, messages: stderr };
  }

  /** Writes a blob, and returns its digest's hexadecimal part. */
  blob(content: string): string {
    const hex = createHash("sha256").update(content).digest("hex");
    this.write(this.blobPath(hex), content);
    return hex;
  }

  /** The path of a blob's file, below the folder. */
  blobPath(hex: string): string {
    return `storage/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
  }

  link(repository: string, path: string, hex: string): void {
    this.write(`storage/docker/registry/v2/repositories/${repository}/${path}/link`, `sha256:${hex}`);
  }

  /** Pushes an image with one layer, and returns the hexadecimal parts of its digests. */
  push(repository: string, tag: string, content: string): { manifest: string; config: string; layer: string } {
    const config = this.blob(`{"architecture":"amd64","os":"linux","of":${JSON.stringify(content)}}`);
    const layer = this.blob(content);
    const manifest = this.blob(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${config}`, size: 2 },
        layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: `sha256:${layer}`, size: 2 }],
      }),
    );
    for (const each of [config, layer]) this.link(repository, `_layers/sha256/${each}`, each);
    this.pushManifest(repository, tag, manifest);
    return { manifest, config, layer };
  }

  pushManifest(repository: string, tag: string, manifest: string): void {
    this.link(repository, `_manifests/revisions/sha256/${manifest}`, manifest);
    this.link(repository, `_manifests/tags/${tag}/index/sha256/${manifest}`, manifest);
    this.link(repository, `_manifests/tags/${tag}/current`, manifest);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true });
  }

  /** Every file of the storage with its content, by path. */
  stored(): Record<string, string> {
    const root = join(this.storage, "docker");
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
    return Object.fromEntries(paths.map((path) => [path.slice(root.length), readFileSync(path, "utf8")]));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
