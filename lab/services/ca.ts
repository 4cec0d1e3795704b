import { isIP } from "node:net";
import { docker } from "../docker/docker.ts";
import { machineImage } from "../images/machine-image.ts";

/** A certificate and its private key, in PEM. */
export type Certificate = { certificate: string; key: string };

/** Generates a CA that is valid for 30 days. */
export function newCa(commonName: string): Promise<Certificate> {
  return openssl(
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 30 -keyout key -out certificate \
       -subj "/CN=$0" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null`,
    [commonName],
  );
}

/** Issues a server certificate for some names or addresses. */
export function issueCertificate(
  ca: Certificate,
  names: readonly [string, ...string[]],
  validityDays = 30,
): Promise<Certificate> {
  const alternatives = names.map((name) => `${isIP(name) ? "IP" : "DNS"}:${name}`).join(",");
  return openssl(
    `cat >ca
     openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout key -out request -subj "/CN=$0" 2>/dev/null
     printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$1" >extensions
     openssl x509 -req -in request -CA ca -CAkey ca -days "$2" -extfile extensions -out certificate 2>/dev/null`,
    [names[0], alternatives, String(validityDays)],
    ca.certificate + ca.key,
  );
}

/** Runs openssl in a container, because this machine may have no openssl. */
async function openssl(script: string, args: readonly string[], input = ""): Promise<Certificate> {
  const bare = await machineImage("bare");
  const run = ["run", "--rm", "--interactive", "--workdir", "/tmp", "--network", "none", bare];
  const whole = `${script}\ncat certificate; echo; cat key`;
  const [certificate = "", key = ""] = (await docker([...run, "sh", "-ec", whole, ...args], { input })).split("\n\n");
  return { certificate: `${certificate}\n`, key: `${key}\n` };
}
