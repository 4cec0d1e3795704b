import { type HttpAnswer, type HttpRequest, httpRequest } from "../../../../hosts/http-request.ts";
import type { LabJenkins } from "../../../../lab/jenkins/start-jenkins.ts";

export type Visit = {
  method?: HttpRequest["method"];
  headers?: Record<string, string>;
  body?: string;
  /** @default token */
  as?: "token" | "password" | "nobody" | "wrong password";
};

export const store = "/credentials/store/system/domain/_";
export const xml = { "content-type": "application/xml" };
export const form = { "content-type": "application/x-www-form-urlencoded" };

/** Sends one request, without the Jenkins client that other tests cover. */
export function visit(jenkins: LabJenkins, path: string, visit: Visit = {}): Promise<HttpAnswer> {
  const { method = "GET", headers = {}, body = "", as = "token" } = visit;
  const logins = {
    token: `${jenkins.user}:${jenkins.token}`,
    password: `${jenkins.user}:${jenkins.password}`,
    "wrong password": `${jenkins.user}:wrong`,
    nobody: undefined,
  };
  const login = logins[as];
  const authorization = login && { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  return httpRequest(jenkins.url + path, {
    method,
    headers: { ...authorization, ...headers },
    body,
    ca: jenkins.ca,
    timeoutMs: 20_000,
  });
}

/** A crumb, and the cookie of the session it belongs to. */
export async function crumbOf(jenkins: LabJenkins) {
  const { body, headers } = await visit(jenkins, "/crumbIssuer/api/json", { as: "password" });
  const { crumb } = JSON.parse(body) as { crumb: string };
  return { crumb, cookie: String(headers["set-cookie"]).split(";")[0] ?? "" };
}

/** A credential in XML, as a client sends it. */
export function entryXml(id: string, { password = "secret", description = "", username = "ci" } = {}): string {
  const name = "com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl";
  return `<${name}><scope>GLOBAL</scope><id>${id}</id><description>${description}</description><username>${username}</username><password>${password}</password></${name}>`;
}

export function textXml(id: string, secret = "secret"): string {
  const name = "org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl";
  return `<${name}><scope>GLOBAL</scope><id>${id}</id><description/><secret>${secret}</secret></${name}>`;
}

/** A credential as a form. */
export function entryForm(id: string): string {
  const $class = "com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl";
  const credentials = { $class, scope: "GLOBAL", id, username: "ci", password: "secret" };
  return new URLSearchParams({ json: JSON.stringify({ "": "0", credentials }) }).toString();
}
