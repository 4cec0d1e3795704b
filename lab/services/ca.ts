import { isIP } from "node:net";
import { docker } from "../docker/docker.ts";
import { machineImages } from "../images/machine-image.ts";

/** PEM text. */
export type Certificate = { certificate: string; key: string };

/** A CA nobody knows yet, valid for a month. */
export function newCa(commonName: string): Promise<Certificate> {
  return openssl(
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -keyout key -out certificate \
       -subj "/CN=$0" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null`,
    [commonName],
  );
}

/** A server's certificate for some names or addresses, from that CA. */
export function issueCertificate(
  authority: Certificate,
  names: readonly [string, ...string[]],
  validityDays = 30,
): Promise<Certificate> {
  const alternatives = names.map((name) => `${isIP(name) ? "IP" : "DNS"}:${name}`).join(",");
  return openssl(
    `cat >authority
     openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout key -out request -subj "/CN=$0" 2>/dev/null
     printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$1" >extensions
     openssl x509 -req -in request -CA authority -CAkey authority -days "$2" -extfile extensions -out certificate 2>/dev/null`,
    [names[0], alternatives, String(validityDays)],
    authority.certificate + authority.key,
  );
}

/** By the openssl of the machine image: the lab's own machine may have none. */
async function openssl(script: string, args: readonly string[], input = ""): Promise<Certificate> {
  const { bare } = await machineImages();
  const run = ["run", "--rm", "--interactive", "--workdir", "/tmp", "--network", "none", bare];
  const whole = `${script}\ncat certificate; echo; cat key`;
  const [certificate = "", key = ""] = (await docker([...run, "sh", "-ec", whole, ...args], { input })).split("\n\n");
  return { certificate: `${certificate}\n`, key: `${key}\n` };
}
