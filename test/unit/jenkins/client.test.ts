import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { JenkinsAccess } from "../../../jenkins/access.ts";
import { JenkinsClient } from "../../../jenkins/client.ts";
import type { JenkinsCredential } from "../../../jenkins/credential.ts";
import { CredentialStore } from "../../../jenkins/store.ts";
import { startJenkins } from "../../../lab/jenkins/start-jenkins.ts";
import { withFreshWorld } from "../../with-world.ts";

const brief = { awaySeconds: 0.3, startingSeconds: 0.6, firstWaitMs: 50 };
/** As long as a busy machine may take. */
const long = { awaySeconds: 25, startingSeconds: 25, firstWaitMs: 50 };

const jenkins = withFreshWorld(() => startJenkins({ folders: ["team"] }));

function store(login: Partial<JenkinsAccess> = {}, retryPolicy = brief): CredentialStore {
  const { url, user, token: secret, ca } = jenkins();
  return new CredentialStore(new JenkinsClient({ url, user, kind: "token", secret, ca, ...login }, retryPolicy));
}

const entry: JenkinsCredential = {
  id: "a",
  kind: "username-password",
  username: "ci",
  password: "the secret",
  description: "",
};
const textEntry: JenkinsCredential = { id: "b", kind: "secret-text", secret: "the secret", description: "" };
const password = () => ({ kind: "password" as const, secret: jenkins().password });
const asked = () =>
  jenkins().requests.map(({ method, path, status }) => `${method} ${path.split("/").at(-1)} ${status}`);

async function messageOf(running: Promise<unknown>): Promise<string> {
  const error: unknown = await running.then(
    () => new Error("nothing was refused"),
    (error) => error,
  );
  const { name, message } = error as Error;
  expect(name).toBe("JenkinsError");
  for (const secret of [jenkins().token, jenkins().password, "the secret"]) expect(message).not.toContain(secret);
  return message.replaceAll(jenkins().url, "URL");
}

describe("with an API token", () => {
  it("asks for no crumb", async () => {
    await store().create(entry, "");
    expect(asked()).toEqual(["POST createCredentials 200"]);
  });

  it("works below a path and with a slash at the end of its URL", async () => {
    await store({ url: `${jenkins().url}/` }).create(entry, "");
    expect(jenkins().credential("a")).toMatchObject({ password: "the secret" });
  });
});

describe("with a password", () => {
  it("asks for one crumb, and posts with it and its session", async () => {
    const client = store(password());
    await client.create(entry, "");
    await client.update({ ...entry, password: "pässwörd €" }, "");
    await client.remove(entry);
    expect(asked()).toEqual([
      "GET json 200",
      "POST createCredentials 200",
      "POST config.xml 200",
      "DELETE config.xml 200",
    ]);
  });

  it("asks for another crumb once Jenkins has started anew", async () => {
    const client = store(password());
    await client.create(entry, "");
    await jenkins().start();
    await client.create(textEntry, "");
    expect(jenkins().credentials()).toHaveLength(2);
    expect(asked().slice(2)).toEqual(["POST createCredentials 403", "GET json 200", "POST createCredentials 200"]);
  });
});

describe("a Jenkins that starts", () => {
  it("is waited for while it says 503", async () => {
    jenkins().faults.starting = true;
    const created = store({}, long).create(entry, "");
    await vi.waitUntil(() => asked().filter((line) => line.endsWith(" 503")).length > 1, { timeout: 20_000 });
    jenkins().faults.starting = false;
    await created;
    expect(jenkins().credentials()).toHaveLength(1);
  });

  it("is waited for while nobody listens", async () => {
    await jenkins().stop();
    const created = store({}, long).create(entry, "");
    await sleep(150);
    await jenkins().start();
    await created;
    expect(jenkins().credentials()).toHaveLength(1);
  });

  it("is not waited for without end", async () => {
    jenkins().faults.starting = true;
    expect(await messageOf(store().create(entry, ""))).toBe(
      "URL: Jenkins is still starting (503); run this again once it is up",
    );
    await jenkins().stop();
    expect(await messageOf(store().create(entry, ""))).toBe(
      "URL: Jenkins does not answer (ECONNREFUSED), waited for 0.3 s; start it or correct jenkins.url, then run this again",
    );
  });

  it("is not written to twice where an answer was lost", async () => {
    jenkins().faults.dieAfterWrites(1, { heard: false });
    expect(await messageOf(store().create(entry, ""))).toContain("Jenkins does not answer (ECONNRESET)");
    await jenkins().start();
    expect(asked()).toEqual(["POST createCredentials 0"]);
  });
});

describe("an error names the next step", () => {
  it.each<[string, Partial<JenkinsAccess>, string]>([
    [
      "a wrong token",
      { secret: "wrong" },
      "URL: Jenkins refuses the API token of admin (401); make one at URL/user/admin/security/, then: pulumi config set --secret jenkinsToken",
    ],
    [
      "a wrong password",
      { kind: "password", secret: "wrong" },
      "URL: Jenkins refuses the password of admin (401); set the right one: pulumi config set --secret jenkinsPassword",
    ],
    [
      "an unknown authority",
      { ca: undefined },
      "URL: no public CA signed Jenkins' certificate (UNABLE_TO_VERIFY_LEAF_SIGNATURE); name the file with its CA: jenkins.caFile",
    ],
  ])("of %s", async (_what, login, message) => {
    expect(await messageOf(store(login).create(entry, ""))).toBe(message);
  });

  it("of a host that nobody knows", async () => {
    expect(await messageOf(store({ url: "https://jenkins.invalid" }).create(entry, ""))).toBe(
      "https://jenkins.invalid: there is no host of that name; correct jenkins.url",
    );
  });

  it.each([
    ["Create", () => store().create(textEntry, ""), "creating b"],
    ["Update", () => store().update(entry, ""), "updating a"],
    ["Delete", () => store().remove(entry), "deleting a"],
  ] as const)("of a user who may not %s", async (name, action, doing) => {
    await store().create(entry, "");
    jenkins().permissions.delete(`Credentials/${name}`);
    expect(await messageOf(action())).toBe(
      `URL: ${doing} needs the permission Credentials/${name}, which admin has not (403 com.cloudbees.plugins.credentials.CredentialsProvider.${name}); grant it under Manage Jenkins, Security`,
    );
  });

  it("of a user who may see no credentials", async () => {
    jenkins().permissions.delete("Credentials/View");
    expect(await store().domains(undefined)).toBeUndefined();
    expect((await store().noStore(undefined)).message.replace(jenkins().url, "URL")).toBe(
      "URL: admin may not see the system's credentials (404); grant Credentials/View, and install the plugin credentials if it is missing",
    );
  });

  it("of a folder that is not there", async () => {
    expect((await store().noStore("team/x")).message.replace(jenkins().url, "URL")).toBe(
      "URL: there is no folder team/x that admin may see (404); make it, or correct the folder in jenkins.credentials",
    );
  });

  it("of a plugin that is missing", async () => {
    jenkins().plugins.delete("plain-credentials");
    expect(await messageOf(store().create(textEntry, ""))).toBe(
      "URL: Jenkins has no plugin plain-credentials; install it under Manage Jenkins, Plugins",
    );
    jenkins().plugins.delete("credentials");
    expect((await store().noStore(undefined)).message).toContain("Jenkins has no plugin credentials");
  });

  it("of a plugin that may be missing, where the user may not know", async () => {
    jenkins().plugins.delete("plain-credentials");
    jenkins().permissions.delete("Overall/Administer");
    expect(await messageOf(store().create(textEntry, ""))).toBe(
      "URL: Jenkins failed at creating b (500); it does so, too, where the plugin plain-credentials is missing; its own log says why. Run this again: what is done already stays done",
    );
  });

  it("of an error of Jenkins' own", async () => {
    jenkins().faults.failNextWrite();
    expect(await messageOf(store().create(entry, ""))).toBe(
      "URL: Jenkins failed at creating a (500); its own log says why. Run this again: what is done already stays done",
    );
  });

  it("of an id that was created or deleted meanwhile", async () => {
    await store().create(entry, "");
    expect(await messageOf(store().create(entry, ""))).toContain("a has appeared meanwhile (409); run this again");
    jenkins().remove("a");
    expect(await messageOf(store().update(entry, ""))).toContain("a was deleted meanwhile (404); run this again");
  });

  it.each([
    [
      301,
      { location: "https://other.example.org/x?token=1" },
      "is redirected (301) to https://other.example.org; set jenkins.url",
    ],
    [418, {}, "was answered with 418, which Jenkins never does; correct jenkins.url"],
    [403, {}, "is forbidden to admin (403), and Jenkins names no permission"],
    [502, {}, "what stands in front of Jenkins has no answer from it (502); start Jenkins, then run this again"],
    [200, {}, "was answered without JSON; is it Jenkins?"],
  ])("of something that is not Jenkins (%i)", async (status, headers, message) => {
    expect(await saidOf({ status, headers }, (theirs) => theirs.list({}))).toContain(message);
  });

  type Ask = (theirs: CredentialStore) => Promise<unknown>;
  it.each<[string, Partial<JenkinsAccess>, Ask, string]>([
    ["a store is read", {}, (theirs) => theirs.domains(undefined), "reading the system's credentials"],
    ["a plugin is looked for", {}, (theirs) => theirs.noStore(undefined), "reading the list of plugins"],
    ["a crumb is asked for", { kind: "password" }, (theirs) => theirs.create(entry, ""), "asking for a crumb"],
  ])("of a page for people, where %s", async (_when, login, ask, doing) => {
    expect(await saidOf({ status: 200, headers: {} }, ask, login)).toContain(
      `${doing} was answered without JSON; is it Jenkins? Correct jenkins.url`,
    );
  });
});

/** What is said of a server that answers everything with a page. */
async function saidOf(
  { status, headers }: { status: number; headers: Record<string, string> },
  ask: (theirs: CredentialStore) => Promise<unknown>,
  login: Partial<JenkinsAccess> = {},
): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status, headers).end("<html>")).listen(0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const said = await messageOf(ask(store({ url, ...login })));
  await new Promise((resolve) => server.close(resolve));
  return said;
}
