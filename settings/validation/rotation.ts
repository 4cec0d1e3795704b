import type { StackKeys } from "../stack-keys.ts";
import type { ValidationError } from "./validation-error.ts";

/** Rules of `rotations` and `rotateEvery`. */
export function* validateRotation({ variant, accounts, rotations, rotateEvery }: StackKeys): Iterable<ValidationError> {
  if (variant.kind === "existing" && rotateEvery !== undefined)
    yield {
      path: ["rotateEvery"],
      input: rotateEvery,
      message: "an existing registry's passwords are created elsewhere; remove the line",
    };
  for (const [name, { previous }] of Object.entries(rotations)) {
    const path = ["rotations", name];
    if (!accounts.some((account) => account.name === name))
      yield { path, message: "no such account; remove the entry, whose passwords went with the account" };
    if (previous !== "revoked" && variant.kind === "host" && variant.proxy === "traefik")
      yield {
        path: [...path, "previous"],
        input: previous,
        message:
          "traefik knows one password a name, so two never work at a time; remove the line, and use registry revoke",
      };
  }
}
