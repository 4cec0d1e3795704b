import { beforeEach, describe, expect, it } from "vitest";
import { startJenkins } from "../../../../lab/jenkins/start-jenkins.ts";
import { withFreshWorld } from "../../../with-world.ts";
import { entryForm, entryXml, form, store, textXml, type Visit, visit, xml } from "./visitor.ts";

const jenkins = withFreshWorld(() => startJenkins({ domains: ["registry"], folders: ["team/apps"] }));

const post = (path: string, visited: Visit) => visit(jenkins(), store + path, { method: "POST", ...visited });
const create = (visited: Visit) => post("/createCredentials", visited);

describe("createCredentials", () => {
  it.each(["application/xml", "text/xml", "application/xml; charset=utf-8"])("takes XML as %s", async (type) => {
    expect(await create({ headers: { "content-type": type }, body: entryXml("a") })).toMatchObject({
      status: 200,
      body: "",
    });
    expect(jenkins().credential("a")).toEqual({
      kind: "username-password",
      id: "a",
      scope: "GLOBAL",
      description: "",
      username: "ci",
      password: "secret",
    });
  });

  it("takes text by its plugin's class", async () => {
    expect((await create({ headers: xml, body: textXml("a", " 007 ") })).status).toBe(200);
    expect(jenkins().credential("a")).toMatchObject({ kind: "secret-text", secret: " 007 " });
  });

  it("answers 409 to a taken id of any type, and changes nothing", async () => {
    await create({ headers: xml, body: entryXml("a") });
    expect((await create({ headers: xml, body: entryXml("a", { password: "other" }) })).status).toBe(409);
    expect((await create({ headers: xml, body: textXml("a") })).status).toBe(409);
    expect(jenkins().credential("a")).toMatchObject({ kind: "username-password", password: "secret" });
  });

  it("takes the same id in another domain, and in a folder", async () => {
    for (const domain of ["/domain/registry", "/domain/_"])
      for (const root of ["/credentials/store/system", "/job/team/job/apps/credentials/store/folder"])
        expect(
          await visit(jenkins(), `${root}${domain}/createCredentials`, {
            method: "POST",
            headers: xml,
            body: entryXml("a"),
          }),
        ).toMatchObject({ status: 200 });
    expect(jenkins().credential("a", { folder: "team/apps", domain: "registry" })).toBeDefined();
  });

  it.each([
    ["malformed", "<a><id>a</id>"],
    ["of an unknown class", "<org.example.Other><id>a</id></org.example.Other>"],
    ["empty", ""],
  ])("answers 500 to XML that is %s", async (_what, body) => {
    expect((await create({ headers: xml, body })).status).toBe(500);
  });

  it("answers 500 to a class whose plugin is missing", async () => {
    jenkins().plugins.delete("plain-credentials");
    const { status } = await create({ headers: xml, body: textXml("a") });
    expect(status).toBe(500);
  });

  it("redirects after a form, with a taken id too", async () => {
    for (const _ of ["first", "second"]) {
      const { status, headers } = await create({ headers: form, body: entryForm("a") });
      expect([status, headers.location]).toEqual([302, "../../domain/_"]);
    }
    expect(jenkins().credentials()).toHaveLength(1);
  });

  it("takes a form in several parts", async () => {
    const boundary = "part";
    const json = new URLSearchParams(entryForm("a")).get("json");
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="json"\r\n\r\n${json}\r\n--${boundary}--\r\n`;
    const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
    expect((await create({ headers, body })).status).toBe(302);
    expect(jenkins().credential("a")).toMatchObject({ password: "secret" });
  });

  it("answers 200 with the outcome in JSON to a form that accepts JSON", async () => {
    const answers = [];
    for (const _ of ["first", "second"]) {
      const { status, body } = await create({
        headers: { ...form, accept: "application/json" },
        body: entryForm("a"),
      });
      answers.push([status, JSON.parse(body)]);
    }
    expect(answers).toEqual(
      ["SUCCESS", "ERROR"].map((notificationType) => [
        200,
        { status: "ok", data: { message: expect.any(String), notificationType } },
      ]),
    );
  });

  it.each<[string, number, Visit]>([
    ["a raw JSON body", 400, { headers: { "content-type": "application/json" }, body: '{"credentials":{}}' }],
    ["no Content-Type", 400, { body: entryXml("a") }],
    ["bad JSON", 500, { headers: form, body: "json=%7B" }],
    ["a form without credentials", 500, { headers: form, body: "json=%7B%7D" }],
    ["a form of an unknown class", 500, { headers: form, body: 'json={"credentials":{"$class":"org.example.Other"}}' }],
    ["GET", 405, { method: "GET" }],
  ])("answers %s with %i", async (_what, status, visited) => {
    expect((await create(visited)).status).toBe(status);
    expect(jenkins().credentials()).toEqual([]);
  });

  it("answers 404 for a domain or folder that does not exist", async () => {
    for (const path of ["/credentials/store/system/domain/x", "/job/x/credentials/store/folder/domain/_"])
      expect(
        await visit(jenkins(), `${path}/createCredentials`, { method: "POST", headers: xml, body: entryXml("a") }),
      ).toMatchObject({ status: 404 });
  });
});

describe("config.xml", () => {
  const config = "/credential/a/config.xml";
  beforeEach(() => create({ headers: xml, body: entryXml("a", { description: "of &lt;us&gt; &amp; ü" }) }));

  it("shows everything but the secret, and the plugin's version", async () => {
    const { status, headers, body } = await visit(jenkins(), store + config);
    expect([status, headers["content-type"]]).toEqual([200, expect.stringMatching(/^application\/xml/)]);
    expect(body).toMatch(/^<com\.cloudbees\.\S+UsernamePasswordCredentialsImpl plugin="credentials@[^"]+">/);
    expect(body).toContain("<description>of &lt;us&gt; &amp; ü</description>");
    expect(body).toContain("<username>ci</username>");
    expect(body).toContain("<password><secret-redacted/></password>");
    expect(body).not.toContain("*");
  });

  it("is replaced in place, its type as well", async () => {
    expect(await post(config, { headers: xml, body: textXml("a", "other") })).toMatchObject({ status: 200, body: "" });
    expect(jenkins().credential("a")).toMatchObject({ kind: "secret-text", secret: "other" });
  });

  it("loses its secret when it is posted back as it was read", async () => {
    await post(config, { headers: xml, body: (await visit(jenkins(), store + config)).body });
    expect(jenkins().credential("a")).toMatchObject({ password: "" });
  });

  it("answers 500 to a change of its id", async () => {
    expect((await post(config, { headers: xml, body: entryXml("b") })).status).toBe(500);
    expect(jenkins().credential("a")).toMatchObject({ password: "secret" });
  });

  it("is not created by an update", async () => {
    expect((await post("/credential/b/config.xml", { headers: xml, body: entryXml("b") })).status).toBe(404);
    expect(jenkins().credential("b")).toBeUndefined();
  });

  it("is deleted by DELETE, once", async () => {
    const remove = () => visit(jenkins(), store + config, { method: "DELETE" });
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 404]);
    expect((await visit(jenkins(), store + config)).status).toBe(404);
  });

  it("is deleted by doDelete, too", async () => {
    const { status, headers } = await post("/credential/a/doDelete", {});
    expect([status, headers.location]).toEqual([302, "../.."]);
    expect(jenkins().credentials()).toEqual([]);
  });

  it("rejects PUT", async () => {
    expect((await visit(jenkins(), store + config, { method: "PUT", headers: xml, body: entryXml("a") })).status).toBe(
      400,
    );
  });
});

describe("the lists", () => {
  it("name domains, and each domain's entries with type and description", async () => {
    await create({ headers: xml, body: entryXml("a", { description: "ours" }) });
    const all = JSON.parse((await visit(jenkins(), "/credentials/store/system/api/json")).body);
    expect(Object.keys(all.domains)).toEqual(["_", "registry"]);
    const { credentials } = JSON.parse((await visit(jenkins(), `${store}/api/json?depth=1`)).body);
    expect(credentials).toEqual([
      { id: "a", typeName: "Username with password", description: "ours", displayName: "ci/****** (ours)" },
    ]);
  });
});
