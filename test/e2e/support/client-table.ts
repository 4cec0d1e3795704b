import { describe, expect, it } from "vitest";
import { type ClientName, type Credentials, clients } from "../../../lab/clients/clients.ts";
import type { Machine } from "../../../lab/hosts/machine.ts";

/** A registry with the accounts of `tableAccounts`, and a machine of kind `client` that trusts it. */
export type Table = {
  client: Machine;
  /** `HOST[:PORT]` as images are named. */
  host: string;
  /** What is pushed, on that machine. */
  archive: string;
  /** By account. */
  passwords: Record<string, string>;
};

/** What the table takes for granted; a stack may have more. */
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

/** An account's name, or what nobody's is. */
export type Who = "nobody" | "jenkins with a wrong password" | (string & {});

export function credentialsOf(who: Who, passwords: Record<string, string>): Credentials | undefined {
  if (who === "nobody") return undefined;
  if (who === "jenkins with a wrong password") return { name: "jenkins", password: "wrong" };
  return { name: who, password: String(passwords[who]) };
}

export type Rejection = "unauthorized" | "denied";

/** In the proxy's own words, which each client repeats; ctr has none but the status. */
export function refused(client: ClientName, rejection: Rejection) {
  const words = {
    unauthorized: client === "ctr" ? /401 Unauthorized/ : /unauthorized\W.*log in with an account that may do this/i,
    denied: client === "ctr" ? /403 Forbidden/ : /denied\W.*this account has no such right here/i,
  };
  return { ok: false, output: expect.stringMatching(words[rejection]) };
}
