import { apiUrl } from "../../existing/api-url.ts";
import { UsageError } from "../operation-error.ts";

export type SourceAddress = {
  /** `HOST[:PORT]`, as it stands in image references and in docker's configuration. */
  host: string;
  /** The URL of its API, which for Docker Hub has another host. */
  url: string;
  /** The folder that is copied; empty for the whole registry. */
  path: string;
};

/** Reads `HOST[:PORT][/PATH]`, with `http://` before it where the registry has no TLS. */
export function sourceAddress(text: string): SourceAddress {
  const [, scheme = "https://", host = "", path = ""] =
    /^(https?:\/\/)?([^/@?#]+)(?:\/([^@?#]*?))?\/*$/.exec(text) ?? [];
  // Without a dot, a port or localhost, docker takes the first word for a user of Docker Hub.
  if (!/^(\[[0-9a-f:]+\]|[\w.-]+)(:\d+)?$/.test(host) || !/[.:]|^localhost$/.test(host))
    throw new UsageError(
      `${JSON.stringify(text)} names no registry; HOST[:PORT][/PATH] as in harbor.example.org/project or docker.io/library, with http:// where it has no TLS`,
    );
  if (path.includes(":"))
    throw new UsageError(`${JSON.stringify(text)}: a tag is named by --match, as in --match app:1.4`);
  return { host, url: apiUrl(scheme + host), path };
}
