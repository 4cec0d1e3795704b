import type { WaysOut } from "../../settings/secrets/ways-out.ts";

/** How a program sets or removes a secret. */
export const inInputs: WaysOut = {
  set: (name) => `set the input ${name}`,
  setFile: (name) => `set the input ${name} to the text of the key's file`,
  remove: (name) => `remove the input ${name}`,
};
