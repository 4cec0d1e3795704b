import type { Machine } from "../hosts/machine.ts";

export type ClientName = "docker" | "skopeo" | "crane" | "ctr" | "curl";

/** An account's name and password. Without them a client is anonymous. */
export type Credentials = { name: string; password: string };

/** The result of a pull or push: the manifest's digest, or the output of the client that failed. */
export type Outcome = { ok: true; digest: string } | { ok: false; output: string };

/** A program that pulls and pushes, authenticating in its own way. It stores no login between calls. */
export type RegistryClient = {
  /** Pulls an image with all of its layers, even if an earlier pull left layers on the machine. */
  pull(machine: Machine, reference: string, credentials?: Credentials): Promise<Outcome>;
  /** Pushes the image in an archive as `docker save` writes it. */
  push(machine: Machine, archive: string, reference: string, credentials?: Credentials): Promise<Outcome>;
};
