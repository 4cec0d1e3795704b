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

/** It travels in a command or a variable, and the kernel takes 128 KiB for one of those. */
const mostBytes = 64 * 1024;

/** A file with at least one PEM certificate, and not those of the whole world. */
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
    // A path with a NUL byte or through a file throws even with throwIfNoEntry: false.
    return false;
  }
}
