import { OperationError } from "../operation-error.ts";
import type { Side } from "./side.ts";
import { startSlowProxy } from "./slow-proxy.ts";

/**
 * The environment in which regctl receives so many bytes each second from the source, and from the stores that the
 * source redirects to, all images together. Undefined: no limit. Disposing it ends what is under way.
 */
export async function limited(
  bytesPerSecond: number | undefined,
  { source, destination }: { source: Side; destination: Side },
): Promise<Disposable & { env: NodeJS.ProcessEnv }> {
  if (bytesPerSecond === undefined) return { env: {}, [Symbol.dispose]: () => {} };
  requireProxied(source.host);
  const proxy = await startSlowProxy(bytesPerSecond);
  return {
    // Go's HTTP client prefers the upper-case names.
    env: { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: destination.host },
    [Symbol.dispose]: () => proxy[Symbol.dispose](),
  };
}

/** Throws an OperationError where regctl would not use the proxy. */
function requireProxied(host: string): void {
  // @see https://pkg.go.dev/net/http#ProxyFromEnvironment
  if (/^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(host))
    throw new OperationError(`--limit-rate does not limit ${host}, which is this machine; leave it out`);
  const set = ["HTTP_PROXY", "HTTPS_PROXY"].flatMap((name) => [name, name.toLowerCase()]);
  const own = set.find((name) => process.env[name]);
  if (own !== undefined)
    throw new OperationError(`--limit-rate does not go together with ${own} in the environment; leave one of them out`);
}
