import { stringify } from "yaml";

export type Distribution = {
  /**
   * What distribution listens on: `HOST:PORT` on loopback, since it knows no accounts, or a Unix socket's absolute
   * path.
   */
  address: string;
  storage: Storage;
  /**
   * Signs the state of an upload between two requests. Without it distribution generates one at each start, and uploads
   * fail that are interrupted by a restart.
   */
  httpSecret: string;
  /** `HOST:PORT` on loopback where it answers its metrics at `/metrics`. @default none */
  metrics?: string | undefined;
};

/** Where images are stored. */
export type Storage =
  /** A directory inside the container. */
  | { kind: "filesystem"; root: string }
  | {
      kind: "s3";
      /** The store's URL. @default AWS's own for the region */
      endpoint?: string;
      bucket: string;
      region: string;
      /** Whether S3 URLs have the bucket in the path instead of in the host name. */
      pathStyle: boolean;
      accessKey: string;
      secretKey: string;
    };

/**
 * distribution's config.yml (version 3). It is secret, since `http.secret` as an environment variable would show in
 * `docker inspect`.
 */
export function distributionConfig({ address, storage, httpSecret, metrics }: Distribution): string {
  return stringify({
    version: 0.1,
    // The proxy writes the access log. At level info distribution would log every request again.
    log: { level: "warn", formatter: "json", accesslog: { disabled: true } },
    storage: {
      ...driver(storage),
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: true, age: "168h", interval: "24h", dryrun: false } },
    },
    http: {
      ...(address.startsWith("/") && { net: "unix" }),
      addr: address,
      secret: httpSecret,
      relativeurls: true,
      draintimeout: "300s",
      ...(metrics !== undefined && { debug: { addr: metrics, prometheus: { enabled: true, path: "/metrics" } } }),
      headers: { "X-Content-Type-Options": ["nosniff"] },
    },
    health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
  });
}

function driver(storage: Storage) {
  if (storage.kind === "filesystem") return { filesystem: { rootdirectory: storage.root } };
  const { endpoint, bucket, region, pathStyle, accessKey, secretKey } = storage;
  return {
    s3: {
      ...(endpoint !== undefined && { regionendpoint: endpoint }),
      bucket,
      region,
      forcepathstyle: pathStyle,
      accesskey: accessKey,
      secretkey: secretKey,
    },
    // With redirects, clients would download from S3, past the proxy's authentication, and perhaps from an unreachable
    // address.
    redirect: { disable: true },
  };
}
