import { stringify } from "yaml";

export type CloudInitOptions = {
  /** The user who logs in and may sudo without a password. */
  user: string;
  /** The public keys that log in as that user, each a line of `authorized_keys`. */
  authorizedKeys: readonly string[];
  /** The machine's ed25519 host key in OpenSSH's format. Its private part is a secret. */
  hostKey: { privateKey: string; publicKey: string };
};

/**
 * cloud-init's user data for a fresh machine: one user, and a host key that is known before the machine is there. Docker is
 * left to `installDocker`.
 * @see https://cloudinit.readthedocs.io/en/latest/reference/modules.html#ssh
 * @see docs/decisions/0041-docker-is-not-installed-by-cloud-init.md
 */
export function cloudInit({ user, authorizedKeys, hostKey }: CloudInitOptions): string {
  const config = {
    // Without `default` in this list, the image's own user is not made.
    users: [
      {
        name: user,
        lock_passwd: true,
        shell: "/bin/bash",
        sudo: "ALL=(ALL) NOPASSWD:ALL",
        ssh_authorized_keys: [...authorizedKeys],
      },
    ],
    disable_root: true,
    ssh_pwauth: false,
    // Deletes the keys that came with the image. With `ssh_keys`, no others are made.
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
  };
  return `${header.join("\n")}\n${stringify(config, { lineWidth: 0, compat: "yaml-1.1" })}`;
}

/** cloud-init wants the first line as it is. */
const header = [
  "#cloud-config",
  "# A secret: it holds the machine's private SSH key. Whoever has it can pretend to be this machine, and be sent passwords.",
  "# docs/get-started.md says who can read it, and how to replace the key once the machine is there.",
];
