import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { z } from "zod";

/** A file on the machine Pulumi runs on; a relative path starts at the project's folder. */
export const LocalFile = z
  .string()
  .refine(
    isFile,
    "no such file on this machine; a relative path starts at the project's folder, as in certificates/ca.pem",
  )
  .meta({ examples: ["certificates/ca.pem"] });

/**
 * The largest certificate file. Its text becomes part of a command or an environment variable, and Linux limits each
 * of these to 128 KiB.
 */
const mostBytes = 64 * 1024;

/** A local file with at least one PEM certificate. The size limit excludes bundles of all public CAs. */
export const CertificateFile = LocalFile.refine(
  (path) => !isFile(path) || isCertificate(path),
  "holds no PEM certificate; it should start with -----BEGIN CERTIFICATE-----",
).refine(
  (path) => !isFile(path) || statSync(path).size <= mostBytes,
  "has more than 64 KiB; name the CA that signed, not a bundle of all",
);

function isCertificate(path: string): boolean {
  try {
    new X509Certificate(readFileSync(path));
    return true;
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // statSync also throws for a path with a NUL byte, or below a file, so throwIfNoEntry: false could not replace
    // this.
    return false;
  }
}
