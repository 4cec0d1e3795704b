import type { Account } from "../../../settings/accounts.ts";
import type { Mends } from "../mends.ts";

/** How a request ended: the status, or why there was no answer. */
export type Outcome = {
  /** 0 without an answer. */
  status: number;
  /** The error of the connection, or the code of the OCI specification in the answer's body. */
  reason?: string;
};

/** A certificate as the server shows it. */
export type ShownCertificate = {
  issuer: string;
  /** Milliseconds since the epoch. */
  validFrom: number;
  validTo: number;
  /** The names that it is for. */
  names: string;
  /** OpenSSL's or Node's code for why a client rejects it, as in `CERT_HAS_EXPIRED`. @default it is accepted */
  error?: string;
};

export type PushSteps = {
  account: string;
  repository: string;
  /** The steps that were tried, the last one failed unless `ok`. */
  ok: boolean;
  step: "start an upload" | "upload a blob" | "push a manifest" | "pull it by its digest" | "delete it";
  outcome: Outcome;
};

/** What a client on this machine sees of the registry. What could not be tried, for an earlier step failed, is undefined. */
export type ClientFacts = {
  url: string;
  /** The registry's name without its port. */
  name: string;
  port: number;
  /** Milliseconds since the epoch. */
  now: number;
  addresses: readonly string[];
  /** The resolver's error. */
  resolveError?: string;
  /** `open`, or the code of the error, as in `ECONNREFUSED`. */
  connection?: string;
  certificate?: ShownCertificate;
  /** `GET /v2/` without credentials. `login`: whether it asks for one. */
  ping?: Outcome & { login?: "basic" | "bearer"; realm?: string };
  /** The server's clock, minus this machine's, in seconds. */
  clockOffset?: number;
  /** The same path by plain HTTP on port 80. @default not asked: the registry has no TLS, or others answer there */
  plain?: Outcome & { location?: string };
  /** A manifest that is not there, without credentials. */
  anonymousPull?: Outcome;
  anonymousPush?: Outcome;
  /** The login of an account with a password that nobody has. */
  wrongPassword?: Outcome & { account: string };
  logins: readonly (Outcome & { account: string })[];
  push?: PushSteps;
  wanted: {
    anonymousPull: boolean;
    loginForPush: boolean;
    /** Whether the registry itself asks for the login, as the stack's own proxies do. */
    ownChallenge: boolean;
    accounts: readonly Pick<Account, "name" | "expires">[];
  };
  /** The machine that serves, as it says over SSH. @default unknown */
  machine?: { addresses: readonly string[] };
  mends: Mends;
};
