import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { addressIn } from "../docker/container.ts";
import { docker, label } from "../docker/docker.ts";
import type { GoBinary } from "../go/go-build.ts";
import { ensureImages, type ImageSet } from "../images/image-set.ts";
import { startLab } from "../lab.ts";
import { LabError } from "../lab-error.ts";
import { freePort } from "../network/free-port.ts";
import { network } from "../network/network.ts";

/** MinIO's releases are tagged by date; Go needs this pseudo-version instead. */
const minio: GoBinary = {
  name: "minio",
  version: "0.0.0-20260212201848-7aac2a2c5b7c",
  package: "github.com/minio/minio",
  binary: "minio",
};

const images: ImageSet<"minio"> = { name: "minio", targets: ["minio"], files: [], binaries: [minio] };

/** An S3-compatible object store with one empty bucket. */
export interface Minio extends AsyncDisposable {
  /** MinIO's URL, as in `http://172.30.77.12:9000`. Pods, lab machines and this machine can connect to it. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKey: string;
  secretKey: string;
  /** Kills MinIO, so that connections are refused. Its data stays. */
  stop(): Promise<void>;
  /** Starts MinIO again, and waits until it answers. */
  start(): Promise<void>;
}

/**
 * Starts MinIO with random access keys, and waits until it answers. The name is that of the lab's container.
 *
 * @example await using minio = await startMinio("minio")
 */
export async function startMinio(name: string): Promise<Minio> {
  const container = `container-registry-lab-${name}`;
  await startLab();
  const { minio: image } = await ensureImages(images);
  const [accessKey, secretKey] = [randomBytes(10).toString("hex"), randomBytes(20).toString("hex")];
  const port = await freePort();
  const at = ["--name", container, "--network", network, "--label", label];
  const environment = ["--env", `MINIO_ROOT_USER=${accessKey}`, "--env", `MINIO_ROOT_PASSWORD=${secretKey}`];
  await docker(["rm", "--force", "--volumes", container]);
  await docker(["run", "--detach", ...at, "--publish", `127.0.0.1:${port}:9000`, ...environment, image]);
  await answers(container, port);
  return {
    endpoint: `http://${await addressIn(network, container)}:9000`,
    bucket: "registry",
    region: "us-east-1",
    accessKey,
    secretKey,
    stop: async () => {
      await docker(["exec", container, "sh", "-c", "touch /stopped && kill -9 $(pidof minio)"]);
    },
    start: async () => {
      await docker(["exec", container, "rm", "/stopped"]);
      await answers(container, port);
    },
    [Symbol.asyncDispose]: async () => {
      await docker(["rm", "--force", "--volumes", container]);
    },
  };
}

async function answers(container: string, port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/minio/health/cluster`;
  for (let tries = 150; tries > 0; tries--) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new LabError(`the lab's MinIO does not answer; see \`docker logs ${container}\``);
}
