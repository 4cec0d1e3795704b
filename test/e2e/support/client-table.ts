import { describe, expect, it } from "vitest";
import { type ClientName, type Credentials, clients } from "../../../lab/clients/clients.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";

/** A registry with the accounts of `tableAccounts`, and a machine of kind `client` that trusts it. */
export type Table = {
  client: Machine;
  /** The registry's `HOST[:PORT]`, with which image names begin. */
  host: string;
  /** Path of the image archive on the client machine. */
  archive: string;
  /** The passwords by account name. */
  passwords: Record<string, string>;
};

/** The accounts that the table needs. A stack may have more accounts. */
export const tableAccounts = [
  { name: "jenkins", push: ["**"] },
  { name: "team-a", push: ["team-a/**"], pull: ["shared/**"] },
];

export const clientNames = Object.keys(clients) as ClientName[];

/** Who may do what at a registry that anybody may pull from: the same for every client and every variant. */
export function anonymousPullAuthenticatedPush(table: () => Table): void {
  describe.each(clientNames)("%s", (name) => {
    const { push, pull } = clients[name];

    it("pushes with an account, and pulls the same digest without one", async () => {
      const { client, archive, host, passwords } = table();
      const pushed = await push(client, archive, `${host}/team-a/${name}:1`, credentialsOf("team-a", passwords));
      expect(pushed).toEqual({ ok: true, digest: expect.stringMatching(/^sha256:/) });
      expect(await pull(client, `${host}/team-a/${name}:1`)).toEqual(pushed);
    });

    it.each<[Who, string, Rejection]>([
      ["nobody", "team-a", "unauthorized"],
      ["jenkins with a wrong password", "team-a", "unauthorized"],
      ["team-a", "team-b", "denied"],
    ])("as %s is refused a push to %s: %s", async (who, group, rejection) => {
      const { client, archive, host, passwords } = table();
      const reference = `${host}/${group}/${name}-refused:1`;
      expect(await push(client, archive, reference, credentialsOf(who, passwords))).toEqual(refused(name, rejection));
      expect((await clients.curl.pull(client, reference)).ok).toBe(false);
    });
  });

  it("refuses a wrong password as early as docker login", async () => {
    const { client, archive, host, passwords } = table();
    const wrong = credentialsOf("jenkins with a wrong password", passwords);
    const outcome = await clients.docker.push(client, archive, `${host}/team-a/docker-refused:1`, wrong);
    expect(outcome).toEqual({ ok: false, output: expect.not.stringContaining("The push refers to repository") });
  });
}

/** Who runs a client: an account's name, `nobody` for an anonymous client, or a client with a wrong password. */
export type Who = "nobody" | "jenkins with a wrong password" | (string & {});

export function credentialsOf(who: Who, passwords: Record<string, string>): Credentials | undefined {
  if (who === "nobody") return undefined;
  if (who === "jenkins with a wrong password") return { name: "jenkins", password: "wrong" };
  return { name: who, password: String(passwords[who]) };
}

export type Rejection = "unauthorized" | "denied";

/**
 * The expected output of a rejected client: clients print the proxy's message, except for ctr, which prints only the status.
 */
export function refused(client: ClientName, rejection: Rejection) {
  const words = {
    unauthorized: client === "ctr" ? /401 Unauthorized/ : /unauthorized\W.*log in with an account that may do this/i,
    denied: client === "ctr" ? /403 Forbidden/ : /denied\W.*this account has no such right here/i,
  };
  return { ok: false, output: expect.stringMatching(words[rejection]) };
}
