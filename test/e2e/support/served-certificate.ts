import { X509Certificate } from "node:crypto";
import type { Machine } from "../../../lab/hosts/machine.ts";

/** The certificate that a server presents, without any check of who signed it. */
export async function servedCertificate(from: Machine, name: string, port = 443): Promise<X509Certificate> {
  const script = `openssl s_client -connect "$1:$2" -servername "$1" </dev/null 2>/dev/null | openssl x509`;
  return new X509Certificate(await from.run(script, { args: [name, String(port)] }));
}
