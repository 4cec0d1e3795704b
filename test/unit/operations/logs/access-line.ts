type AccessLine = {
  /** In seconds since 1970. */
  at?: number;
  account?: string;
  method?: string;
  uri?: string;
  status?: number;
  user_agent?: string;
};

/** A line of the access log as Caddy writes it. */
export function accessLine({
  at = 1_795_000_000,
  account = "",
  method = "GET",
  uri = "/v2/team-a/app/manifests/v1",
  status = 200,
  user_agent = "docker/24.0.7 go/go1.20.10",
}: AccessLine): string {
  return JSON.stringify({
    ...{ level: "info", ts: at + 0.25, logger: "http.log.access.accounts", msg: "handled request" },
    request: { remote_ip: "192.0.2.7", client_ip: "192.0.2.7", proto: "HTTP/2.0", method, host: "r", uri },
    ...{ bytes_read: 300, user_id: account, duration: 0.01, size: 0, status, user_agent },
  });
}
