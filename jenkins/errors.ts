import type { HttpAnswer } from "../hosts/http-request.ts";
import type { JenkinsAccess } from "./access.ts";
import { JenkinsError } from "./jenkins-error.ts";
import type { RetryPolicy } from "./retry-policy.ts";

/** The error for a request without an answer. `code` is the error code of the operating system or of OpenSSL. */
export function connectionError({ url, ca }: JenkinsAccess, code: string, { awaySeconds }: RetryPolicy): JenkinsError {
  if (code === "ENOTFOUND") return new JenkinsError(`${url}: there is no host of that name; correct jenkins.url`);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return new JenkinsError(`${url}: Jenkins' certificate is for another name; correct jenkins.url`);
  if (code === "CERT_HAS_EXPIRED") return new JenkinsError(`${url}: Jenkins' certificate has expired; renew it there`);
  if (/CERT|SELF_SIGNED|ISSUER|VERIFY/.test(code))
    return new JenkinsError(
      ca === undefined
        ? `${url}: no public CA signed Jenkins' certificate (${code}); name the file with its CA: jenkins.caFile`
        : `${url}: jenkins.caFile is not the CA of Jenkins' certificate (${code}); name the one that signed it`,
    );
  if (/SSL|EPROTO/.test(code))
    return new JenkinsError(`${url}: speaks no TLS that Node understands (${code}); is it http, or another port?`);
  return new JenkinsError(
    `${url}: Jenkins does not answer (${code}), waited for ${awaySeconds} s; start it or correct jenkins.url, then run this again`,
  );
}

/** The error for an answer with an unexpected status. `doing` names the action that failed. */
export function answerError(
  { url, user, kind }: JenkinsAccess,
  doing: string,
  { status, headers }: HttpAnswer,
): JenkinsError {
  const permission = headers["x-required-permission"];
  const { location } = headers;
  switch (status) {
    case 401:
      return new JenkinsError(
        kind === "token"
          ? `${url}: Jenkins refuses the API token of ${user} (401); make one at ${url}/user/${user}/security/, then: pulumi config set --secret jenkinsToken`
          : `${url}: Jenkins refuses the password of ${user} (401); set the right one: pulumi config set --secret jenkinsPassword`,
      );
    case 403:
      return new JenkinsError(
        permission === undefined
          ? `${url}: ${doing} is forbidden to ${user} (403), and Jenkins names no permission; is something in front of it that says so?`
          : `${url}: ${doing} needs the permission ${permissionName(String(permission))}, which ${user} has not (403 ${permission}); grant it under Manage Jenkins, Security`,
      );
    case 503:
      return new JenkinsError(`${url}: Jenkins is still starting (503); run this again once it is up`);
    case 502:
    case 504:
      return new JenkinsError(
        `${url}: what stands in front of Jenkins has no answer from it (${status}); start Jenkins, then run this again`,
      );
    case 500:
      return new JenkinsError(
        `${url}: Jenkins failed at ${doing} (500); its own log says why. Run this again: what is done already stays done`,
      );
    default:
      if (location !== undefined)
        return new JenkinsError(
          `${url}: ${doing} is redirected (${status}) to ${new URL(String(location), url).origin}; set jenkins.url to where Jenkins itself answers`,
        );
      return new JenkinsError(
        `${url}: ${doing} was answered with ${status}, which Jenkins never does; correct jenkins.url`,
      );
  }
}

/**
 * The name that Jenkins' permission matrix shows for a permission: `Credentials/Create` for
 * `com.cloudbees.plugins.credentials.CredentialsProvider.Create`.
 */
function permissionName(permission: string): string {
  const [, group = permission, name = ""] = /(\w+)\.(\w+)$/.exec(permission) ?? [];
  const groups: Record<string, string> = { CredentialsProvider: "Credentials", Hudson: "Overall" };
  return `${groups[group] ?? group}/${name}`;
}
