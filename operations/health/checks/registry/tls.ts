import { isRenewalLate } from "../../../../settings/warnings/limits.ts";
import type { Check, Problem } from "../../check.ts";
import type { ClientFacts, ShownCertificate } from "../../registry/client-facts.ts";
import { atRegistry, everybody, notAsApplied } from "./where.ts";

const day = 86_400_000;

export const tls: readonly Check<ClientFacts>[] = [
  {
    id: "certificate-expired",
    title: "the certificate is valid now",
    followsFrom: notAsApplied,
    run: ofCertificate(({ validFrom, validTo, issuer }, facts) => {
      if (validTo > facts.now && validFrom <= facts.now) return undefined;
      const ended = validTo <= facts.now;
      return atRegistry(facts, {
        problem: ended
          ? `the certificate, issued by ${issuer}, ended on ${date(validTo)}`
          : `the certificate is valid from ${date(validFrom)} on, and this machine's clock says ${date(facts.now)}`,
        cause: ended ? "nothing has renewed it" : "this machine's clock is wrong, or the machine's that issued it",
        mend: facts.mends.renew,
      });
    }),
  },
  {
    id: "certificate-untrusted",
    title: "the stack's CA has signed the certificate",
    followsFrom: [...notAsApplied, "certificate-expired"],
    run: ofCertificate(({ error, issuer }, facts) =>
      error === undefined || error === "ERR_TLS_CERT_ALTNAME_INVALID"
        ? undefined
        : atRegistry(facts, {
            problem: `clients of the stack reject the certificate (${error}); its issuer is ${issuer}`,
            cause: `another server answers at ${facts.addresses.join(", ")}, or somebody replaced the certificate`,
            mend: facts.mends.up,
          }),
    ),
  },
  {
    id: "certificate-other-name",
    title: "the certificate is for the registry's name",
    followsFrom: [...notAsApplied, "certificate-untrusted", "certificate-expired"],
    run: ofCertificate(({ error, names }, facts) =>
      error !== "ERR_TLS_CERT_ALTNAME_INVALID"
        ? undefined
        : atRegistry(facts, {
            problem: `the certificate is for ${names}, not for ${facts.name}`,
            mend: facts.mends.up,
          }),
    ),
  },
  {
    id: "certificate-ends-soon",
    title: "the certificate was renewed in time",
    run: ofCertificate(({ validFrom, validTo, error }, facts) => {
      const left = Math.floor((validTo - facts.now) / day);
      const isLate = isRenewalLate({ from: validFrom, to: validTo, now: facts.now });
      if (left < 0 || !isLate || error !== undefined) return undefined;
      return atRegistry(facts, {
        problem: `the certificate ends on ${date(validTo)}, in ${left} days`,
        affects: `${everybody}, from that day on`,
        cause: "its renewal is overdue: the proxy renews ACME certificates, and up those of a private CA",
        mend: facts.mends.renew,
      });
    }),
  },
];

function ofCertificate(problemOf: (certificate: ShownCertificate, facts: ClientFacts) => Problem | undefined) {
  return (facts: ClientFacts): Problem[] => {
    const problem = facts.certificate && problemOf(facts.certificate, facts);
    return problem ? [problem] : [];
  };
}

function date(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
