import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caddy } from "../../lab/images/registry-images.ts";
import { freePort } from "../../lab/network/free-port.ts";
import { certificate } from "../../lab/proxy/certificate.ts";
import { type Peer, startPeer } from "./peer.ts";

/** Caddy with TLS, HTTP/1.1 and the given directives, and nothing of this project's. `question` is answered with 200 once it serves. */
export async function startCaddy(directives: string, question: string): Promise<Peer> {
  const directory = await mkdtemp(join(tmpdir(), "caddy-"));
  const path = (name: string) => join(directory, name);
  const { cert, key } = await certificate();
  const port = await freePort();
  await writeFile(path("cert.pem"), cert);
  await writeFile(path("key.pem"), key);
  await writeFile(
    path("Caddyfile"),
    `{
	admin off
	auto_https off
	servers {
		protocols h1
	}
}
:${port} {
	tls ${path("cert.pem")} ${path("key.pem")}
	${directives}
}
`,
  );
  return startPeer({
    binary: caddy,
    args: ["run", "--config", path("Caddyfile"), "--adapter", "caddyfile"],
    env: { XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory },
    directory,
    url: `https://127.0.0.1:${port}`,
    question,
  });
}
