import { randomBytes as bytesOf } from "node:crypto";
import { bridgedResource } from "../bridged/resource.ts";
import { atLeast } from "../bridged/rules.ts";
import { text } from "../plugin/property.ts";

/**
 * random:index/randomBytes:RandomBytes. Its id is the secret itself, unencrypted in the state, as in the official plugin
 * (computeRandomBytesID). Use RandomPassword for tokens.
 */
export const randomBytes = bridgedResource({
  provider: "pulumi-resource-random",
  inputs: { length: { change: "replace", required: true, problem: atLeast(1) }, keepers: { change: "replace" } },
  outputs: { base64: { secret: true }, hex: { secret: true } },
  async generate({ length }) {
    const bytes = bytesOf(Number(length));
    return {
      id: bytes.toString("base64"),
      outputs: { base64: bytes.toString("base64"), hex: bytes.toString("hex") },
    };
  },
});

/** random:index/randomId:RandomId, which is no secret. */
export const randomId = bridgedResource({
  provider: "pulumi-resource-random",
  inputs: {
    byteLength: { change: "replace", required: true },
    keepers: { change: "replace" },
    prefix: { change: "replace" },
  },
  outputs: { b64Std: {}, b64Url: {}, dec: {}, hex: {} },
  async generate({ byteLength, prefix: given }) {
    const bytes = bytesOf(Number(byteLength));
    const prefix = text(given) ?? "";
    const id = bytes.toString("base64url");
    return {
      id,
      outputs: {
        id,
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + id,
        dec: `${prefix}${bytes.length === 0 ? 0 : BigInt(`0x${bytes.toString("hex")}`)}`,
        hex: prefix + bytes.toString("hex"),
      },
    };
  },
});
