import { describe, expect, it } from "vitest";
import { startJenkins } from "../../../../lab/jenkins/start-jenkins.ts";
import { withFreshWorld } from "../../../with-world.ts";
import { crumbOf, entryForm, entryXml, form, store, visit, xml } from "./visitor.ts";

const jenkins = withFreshWorld(() => startJenkins());

const create = `${store}/createCredentials`;

describe("the fake for Jenkins, asked by", () => {
  it("a wrong password, answers 401 with its realm", async () => {
    const { status, headers } = await visit(jenkins(), `${store}/api/json`, { as: "wrong password" });
    expect([status, headers["www-authenticate"]]).toEqual([401, 'Basic realm="Jenkins"']);
  });

  it.each(["/crumbIssuer/api/json", `${store}/api/json`])(
    "nobody, says 403 with a page to log in (%s)",
    async (path) => {
      const { status, headers, body } = await visit(jenkins(), path, { as: "nobody" });
      expect([status, body]).toEqual([403, expect.stringContaining("<html>")]);
      expect(headers).not.toHaveProperty("x-required-permission");
    },
  );

  it("a user without Overall/Read, returns no crumb", async () => {
    jenkins().permissions.delete("Overall/Read");
    const { status, headers } = await visit(jenkins(), "/crumbIssuer/api/json");
    expect([status, headers["x-required-permission"]]).toEqual([403, "hudson.model.Hudson.Read"]);
  });

  it("a user without Credentials/View, answers 404 for every store", async () => {
    await visit(jenkins(), create, { method: "POST", headers: xml, body: entryXml("a") });
    jenkins().permissions.delete("Credentials/View");
    for (const path of ["/api/json", "/credential/a/config.xml", "/createCredentials"])
      expect(await visit(jenkins(), store + path)).toMatchObject({ status: 404 });
    const posted = await visit(jenkins(), create, { method: "POST", headers: xml, body: entryXml("b") });
    expect(posted.status).toBe(404);
  });

  it.each([
    ["Create", "POST", "/createCredentials"],
    ["Update", "POST", "/credential/a/config.xml"],
    ["Delete", "DELETE", "/credential/a/config.xml"],
    ["Delete", "POST", "/credential/a/doDelete"],
  ] as const)("somebody who may view but not %s, names the permission (%s %s)", async (name, method, path) => {
    await visit(jenkins(), create, { method: "POST", headers: xml, body: entryXml("a") });
    jenkins().permissions.delete(`Credentials/${name}`);
    const { status, headers } = await visit(jenkins(), store + path, {
      method,
      headers: xml,
      ...(method === "POST" && { body: entryXml("a") }),
    });
    expect([status, headers["x-required-permission"]]).toEqual([
      403,
      `com.cloudbees.plugins.credentials.CredentialsProvider.${name}`,
    ]);
    expect(jenkins().credentials()).toHaveLength(1);
  });
});

describe("the crumb", () => {
  it("comes as JSON with a session", async () => {
    const { status, body, headers } = await visit(jenkins(), "/crumbIssuer/api/json", { as: "password" });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      _class: "hudson.security.csrf.DefaultCrumbIssuer",
      crumb: expect.stringMatching(/^[0-9a-f]{64}$/),
      crumbRequestField: "Jenkins-Crumb",
    });
    expect(String(headers["set-cookie"])).toMatch(/^JSESSIONID\.[0-9a-f]{8}=\S+; Path=\/; HttpOnly$/);
  });

  async function posted(headers: Record<string, string>, as: "password" | "token" = "password") {
    const { status, body } = await visit(jenkins(), create, {
      method: "POST",
      headers: { ...xml, ...headers },
      body: entryXml("a"),
      as,
    });
    return status === 200 ? status : `${status} ${/<body>(.*)<\/body>/.exec(body)?.[1]}`;
  }
  const refused = "403 No valid crumb was included in the request";

  it("is required for a POST with a password, together with its session", async () => {
    const { crumb, cookie } = await crumbOf(jenkins());
    const other = await crumbOf(jenkins());
    expect(await posted({})).toBe(refused);
    expect(await posted({ "jenkins-crumb": crumb })).toBe(refused);
    expect(await posted({ "jenkins-crumb": crumb, cookie: other.cookie })).toBe(refused);
    expect(await posted({ "jenkins-crumb": "f".repeat(64), cookie })).toBe(refused);
    expect(await posted({ "jenkins-crumb": crumb, cookie })).toBe(200);
  });

  it("becomes invalid with its session when Jenkins restarts", async () => {
    const { crumb, cookie } = await crumbOf(jenkins());
    await jenkins().start();
    expect(await posted({ "jenkins-crumb": crumb, cookie })).toBe(refused);
  });

  it("may be a field of the form", async () => {
    const { crumb, cookie } = await crumbOf(jenkins());
    const body = `${entryForm("a")}&Jenkins-Crumb=${crumb}`;
    const { status } = await visit(jenkins(), create, {
      method: "POST",
      headers: { ...form, cookie },
      body,
      as: "password",
    });
    expect(status).toBe(302);
  });

  it("is not required with an API token", async () => {
    expect(await posted({}, "token")).toBe(200);
  });

  it("is not required for DELETE", async () => {
    await posted({}, "token");
    const { status } = await visit(jenkins(), `${store}/credential/a/config.xml`, { method: "DELETE", as: "password" });
    expect(status).toBe(200);
    expect(jenkins().credentials()).toEqual([]);
  });
});
