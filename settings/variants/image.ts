import { z } from "zod";
import { LocalFile } from "../formats/local-file.ts";

const path = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const name = `(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?${path}(?:/${path})*`;
const byDigest = new RegExp(`^${name}(?::[\\w][\\w.-]{0,127})?@sha256:[a-f0-9]{64}$`);
const byId = /^sha256:[a-f0-9]{64}$/;

/** A container image: pulled by digest, or loaded from an archive. */
export const Image = z
  .strictObject({
    reference: z
      .string()
      .describe("`NAME@sha256:…`; with `archive` the id of the image it holds, `sha256:…`")
      .meta({ examples: ["docker.io/library/registry@sha256:…"] }),
    archive: LocalFile.meta({ examples: ["images/registry.tar"] })
      .optional()
      .describe("What `docker save` wrote, on this machine; sent to the host once and loaded there"),
  })
  .check(({ value: { reference, archive }, issues }) => {
    const message = archive === undefined ? validatePulled(reference) : validateLoaded(reference);
    if (message) issues.push({ code: "custom", continue: true, path: ["reference"], input: reference, message });
  });

export type Image = z.output<typeof Image>;

function validatePulled(reference: string): string | undefined {
  if (byDigest.test(reference)) return undefined;
  return "names no digest; a tag can be moved, so name the image as in docker.io/library/registry@sha256:849b7d29…";
}

function validateLoaded(reference: string): string | undefined {
  if (byId.test(reference)) return undefined;
  return "an image loaded from an archive is known by its id, as in sha256:6fc8cbdc…; print it with: docker image inspect -f '{{.Id}}' NAME:TAG";
}
