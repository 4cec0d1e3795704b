import { reason } from "../../existing/errors.ts";
import type { HttpAnswer } from "../../hosts/http-request.ts";
import { OperationError } from "../operation-error.ts";
import type { Access } from "./access.ts";

/** The registry does not allow what was asked, with or without an account. */
export class DeniedError extends OperationError {
  override name = "DeniedError";
}

/** What a user can do about errors, which depends on whose registry it is. */
export type NextSteps = {
  /** After a denied request. `username` is undefined where there are no credentials with that right. */
  denied: (access: Access, username: string | undefined) => string;
  /** After a certificate that this machine does not accept. */
  certificate: string;
};

/** What to do about errors of the stack's own registry. */
export const stackNextSteps: NextSteps = {
  denied: nextStep,
  certificate: "after a change of its CA run pulumi up, which gives out the new one",
};

/** The error for a denied request. `username` is undefined where there are no credentials with that right. */
export function deniedError(
  url: string,
  { access, username, answer }: { access: Access; username: string | undefined; answer: HttpAnswer },
  { denied }: NextSteps,
) {
  const who = username === undefined ? "clients without credentials" : `account ${username}`;
  return new DeniedError(`${url}: ${who} may not ${what(access)} (${reason(answer)}); ${denied(access, username)}`);
}

function what(access: Access): string {
  if (access.right === "list") return "list the repositories";
  return `${{ pull: "pull from", push: "push to", delete: "delete in" }[access.right]} ${access.repository}`;
}

function nextStep(access: Access, username: string | undefined): string {
  if (access.right === "list")
    return "name a repository, or let accounts list them: variant.catalogue: accounts where the stack runs the registry";
  if (username === undefined) return `give an account of the stack that right: accounts[].${access.right}`;
  return "see that the account has that right and its password is the registry's: pulumi up";
}

/** The error for a registry that did not answer. Contains neither credentials nor text from the server. */
export function unansweredError(
  url: string,
  { code, message }: NodeJS.ErrnoException,
  { certificate }: NextSteps,
): OperationError {
  const { origin } = new URL(url);
  if (/CERT|SELF_SIGNED|ISSUER|VERIFY/.test(code ?? ""))
    return new OperationError(`${origin}: its certificate is not valid here (${code}); ${certificate}`);
  return new OperationError(`this machine cannot connect to ${origin}: ${message}; run this on a machine that can`);
}

/** The error for an answer that the distribution API does not allow. */
export function unexpectedError(url: string, answer: HttpAnswer): OperationError {
  const nextStep =
    answer.status >= 500 ? "see the registry's log, then run this again" : "see that a registry serves there";
  return new OperationError(`${url} answers ${reason(answer)}; ${nextStep}`);
}
