import { hereDocument, shellWord } from "../../../hosts/shell.ts";
import { type RegistryLogin, unrecorded } from "./login.ts";

/** Shell lines that log docker in. `printf` is the shell's own, so the password is in no process list. */
export function dockerLines(login: RegistryLogin): string[] {
  const { host, username, password, plain, ca } = login;
  return [
    ...(plain ? plainHttpLines(host) : []),
    ...(ca === ""
      ? []
      : ["# Once a machine, as root: docker trusts the registry's own authority.", ...trustCa(host, ca)]),
    unrecorded(dockerLogin(host, shellWord(username), shellWord(password))),
  ];
}

/** `username` and `password` as the shell reads them. */
export function dockerLogin(host: string, username: string, password: string): string {
  return `printf '%s' ${password} | docker login --username ${username} --password-stdin ${host}`;
}

/** Puts the authority where docker looks for it. */
function trustCa(host: string, ca: string): string[] {
  const folder = `/etc/docker/certs.d/${host}`;
  return [`mkdir -p ${folder}`, hereDocument(`cat >${folder}/ca.crt`, ca.replace(/\n?$/, "\n")).trimEnd()];
}

function plainHttpLines(host: string): string[] {
  return [
    `# Without TLS: passwords travel in clear. Once a machine, in /etc/docker/daemon.json: "insecure-registries": ["${host}"]`,
  ];
}
