import { hereDocument, shellWord } from "../../../hosts/shell.ts";
import { type RegistryLogin, unrecorded } from "./login.ts";

/**
 * Shell lines that log docker in. `printf` is built into the shell, so the password never appears in a process list.
 */
export function dockerLines(login: RegistryLogin): string[] {
  const { host, username, password, plain, ca } = login;
  return [
    ...(plain ? plainHttpLines(host) : []),
    ...(ca === "" ? [] : ["# Once a machine, as root: docker trusts the registry's own CA.", ...trustCa(host, ca)]),
    unrecorded(dockerLogin(host, shellWord(username), shellWord(password))),
  ];
}

/** The `docker login` command. `username` and `password` are shell words: already quoted, or variables. */
export function dockerLogin(host: string, username: string, password: string): string {
  return `printf '%s' ${password} | docker login --username ${username} --password-stdin ${host}`;
}

/** Shell lines that write the registry's CA to the folder where docker reads the CAs of that registry. */
function trustCa(host: string, ca: string): string[] {
  const folder = `/etc/docker/certs.d/${host}`;
  return [`mkdir -p ${folder}`, hereDocument(`cat >${folder}/ca.crt`, ca.replace(/\n?$/, "\n")).trimEnd()];
}

function plainHttpLines(host: string): string[] {
  return [
    `# Without TLS: passwords travel in clear. Once a machine, in /etc/docker/daemon.json: "insecure-registries": ["${host}"]`,
  ];
}
