import { stringify } from "yaml";

export type Distribution = {
  /** `HOST:PORT` it listens on, loopback, since it knows no accounts; or the absolute path of a Unix socket. */
  address: string;
  storage: Storage;
  /**
   * Signs the state of an upload between two requests. Without it distribution invents one at each start, and every
   * upload across a restart fails.
   */
  httpSecret: string;
};

/** Where the images are. */
export type Storage =
  /** A directory inside the container. */
  | { kind: "filesystem"; root: string }
  | {
      kind: "s3";
      /** The store's URL. @default AWS's own for the region */
      endpoint?: string;
      bucket: string;
      region: string;
      /** Bucket in the path, not in the host name. */
      pathStyle: boolean;
      accessKey: string;
      secretKey: string;
    };

/** distribution's config.yml (version 3), secret for its `http.secret`: an environment variable would show in `docker inspect`. */
export function distributionConfig({ address, storage, httpSecret }: Distribution): string {
  return stringify({
    version: 0.1,
    // The proxy writes the access log; at info distribution repeats it line by line.
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
    // The proxy asks for credentials; what clients were sent to past it would not, and may be out of their reach.
    redirect: { disable: true },
  };
}
