import type { Check } from "../../check.ts";
import type { ClientFacts } from "../../registry/client-facts.ts";
import { atRegistry, notAsApplied, notServing, notWritable, said } from "./where.ts";

/** What goes wrong with requests that read or write images, whoever sends them. */
const storageFails = [...notAsApplied, ...notServing] as const;

export const rights: readonly Check<ClientFacts>[] = [
  {
    id: "storage-does-not-answer",
    title: "a manifest that is not there is answered with 404",
    followsFrom: storageFails,
    run: ({ anonymousPull, ...facts }) =>
      anonymousPull === undefined || (anonymousPull.status !== 0 && anonymousPull.status < 500)
        ? []
        : [
            atRegistry(facts, {
              problem: `reading a manifest fails: ${said(anonymousPull)}`,
              cause: "the proxy serves, and distribution behind it or its storage does not",
              mend: facts.mends.restartRegistry,
            }),
          ],
  },
  {
    id: "anonymous-pull-denied",
    title: "clients without an account pull, where the stack file says so",
    followsFrom: notAsApplied,
    run: ({ anonymousPull, wanted, ...facts }) =>
      anonymousPull === undefined || !wanted.anonymousPull || ![401, 403].includes(anonymousPull.status)
        ? []
        : [
            atRegistry(facts, {
              problem: `a pull without an account is denied (${said(anonymousPull)}), and requiresAuthForPull is false`,
              affects: "nodes, and everybody who pulls without an account",
              mend: facts.mends.rights,
            }),
          ],
  },
  {
    id: "anonymous-pull-accepted",
    title: "clients without an account pull nothing, where the stack file says so",
    followsFrom: notAsApplied,
    run: ({ anonymousPull, wanted, ...facts }) =>
      anonymousPull === undefined || wanted.anonymousPull || ![200, 404].includes(anonymousPull.status)
        ? []
        : [
            atRegistry(facts, {
              problem: "images can be pulled without an account, and requiresAuthForPull is true",
              affects: "whoever relies on images being private",
              mend: facts.mends.rights,
            }),
          ],
  },
  {
    id: "anonymous-push-accepted",
    title: "clients without an account push nothing",
    followsFrom: notAsApplied,
    run: ({ anonymousPush, wanted, ...facts }) =>
      anonymousPush?.status !== 202 || !wanted.loginForPush
        ? []
        : [
            atRegistry(facts, {
              problem: "images can be pushed without an account",
              affects: "everybody who runs images from this registry: anybody may replace them",
              mend: facts.mends.rights,
            }),
          ],
  },
  {
    id: "wrong-password-accepted",
    title: "a wrong password is denied",
    followsFrom: notAsApplied,
    run: ({ wrongPassword, ...facts }) =>
      wrongPassword?.status !== 200
        ? []
        : [
            atRegistry(facts, {
              problem: `account ${wrongPassword.account} logs in with a wrong password`,
              affects: "everybody who runs images from this registry: anybody may replace them",
              mend: facts.mends.rights,
            }),
          ],
  },
  {
    id: "login-denied",
    title: "every account logs in with the password that the stack gives out",
    followsFrom: storageFails,
    run: ({ logins, ...facts }) =>
      logins
        .filter(({ status }) => status !== 200)
        .map((login) =>
          atRegistry(facts, {
            problem: `account ${login.account} cannot log in with the password that the stack gives out: ${said(login)}`,
            affects: `whoever logs in as ${login.account}`,
            cause: "somebody changed the registry's accounts, or put back an old copy of them",
            mend: facts.mends.passwords,
          }),
        ),
  },
  {
    id: "account-expired",
    title: "no account is past its last day",
    run: ({ wanted: { accounts }, now, ...facts }) => {
      const today = new Date(now).toISOString().slice(0, 10);
      return accounts
        .filter(({ expires = today }) => expires < today)
        .map(({ name, expires }) =>
          atRegistry(facts, {
            problem: `account ${name} expired on ${expires}`,
            affects: `whoever logs in as ${name}`,
            mend: `give the account a later day in the stack file (accounts[].expires), or delete it there; then: ${facts.mends.up}`,
          }),
        );
    },
  },
  {
    id: "push-fails",
    title: "a tiny image can be pushed, pulled and deleted",
    followsFrom: [...storageFails, ...notWritable, "login-denied"],
    run: ({ push, ...facts }) =>
      push === undefined || push.ok
        ? []
        : [
            atRegistry(facts, {
              problem: `account ${push.account} tried to push to ${push.repository}: could not ${push.step}, ${said(push.outcome)}`,
              affects: push.step === "delete it" ? "whoever deletes images" : "everybody who pushes",
              mend: facts.mends.restartRegistry,
            }),
          ],
  },
];
