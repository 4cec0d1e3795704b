/** One way to speak with a registry, on both sides of a comparison. */
export type Protocol = { name: string; tls: boolean; http2: boolean };

export const protocols: readonly Protocol[] = [
  { name: "plain HTTP/1.1", tls: false, http2: false },
  { name: "TLS, HTTP/1.1", tls: true, http2: false },
  // The proxy declines it (docs/decisions/0014): such clients speak HTTP/1.1 with it, and HTTP/2 with distribution alone.
  { name: "TLS, HTTP/2 offered", tls: true, http2: true },
];
