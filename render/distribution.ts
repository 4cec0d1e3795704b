import { stringify } from "yaml";

export type Distribution = {
  /** `HOST:PORT` it listens on; loopback, since it knows no accounts. */
  address: string;
  /** Where the images are, inside the container. */
  storageRoot: string;
  /**
   * Signs the state of an upload between two requests. Without it distribution invents one at each start, and every
   * upload across a restart fails.
   */
  httpSecret: string;
};

/** distribution's config.yml (version 3), secret for its `http.secret`: an environment variable would show in `docker inspect`. */
export function distributionConfig({ address, storageRoot, httpSecret }: Distribution): string {
  return stringify({
    version: 0.1,
    // The gate writes the access log; at info distribution repeats it line by line.
    log: { level: "warn", formatter: "json", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storageRoot },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: true, age: "168h", interval: "24h", dryrun: false } },
    },
    http: {
      addr: address,
      secret: httpSecret,
      relativeurls: true,
      draintimeout: "300s",
      headers: { "X-Content-Type-Options": ["nosniff"] },
    },
    health: { storagedriver: { enabled: true, interval: "10s", threshold: 3 } },
  });
}
