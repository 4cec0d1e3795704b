import { compareSync } from "bcryptjs";
import { describe, expect, it } from "vitest";
import { isSecret, type PropertyMap, unknown } from "../../../../lab/pulumi-fakes/plugin/property.ts";
import { randomBytes, randomId } from "../../../../lab/pulumi-fakes/random/bytes.ts";
import { randomPassword, randomString } from "../../../../lab/pulumi-fakes/random/password.ts";
import { checked, create, recordedLog, update } from "../../../engine/resource-calls.ts";

const revealed = (value: unknown) => (isSecret(value as PropertyMap) ? String((value as PropertyMap).value) : "");

describe("RandomPassword", () => {
  it("has the length, at least so many of each class, and nothing else", async () => {
    const wanted = { length: 30, minUpper: 5, minLower: 5, minNumeric: 5, minSpecial: 5, overrideSpecial: "-_" };
    const { result } = await create(randomPassword, wanted);
    const text = revealed(result);
    expect(text).toMatch(/^[A-Za-z0-9_-]{30}$/);
    for (const part of [/[A-Z]/g, /[a-z]/g, /[0-9]/g, /[-_]/g])
      expect(text.match(part)?.length).toBeGreaterThanOrEqual(5);
  });

  it("leaves a class out", async () => {
    const { result } = await create(randomPassword, { length: 200, special: false, upper: false });
    expect(revealed(result)).toMatch(/^[a-z0-9]{200}$/);
  });

  it("is hashed as Go's bcrypt does it: cost 10, $2a$", async () => {
    const { result, bcryptHash } = await create(randomPassword, { length: 24 });
    expect(revealed(bcryptHash)).toMatch(/^\$2a\$10\$.{53}$/);
    expect(compareSync(revealed(result), revealed(bcryptHash))).toBe(true);
  });

  it("keeps result and hash through an update", async () => {
    const state = await create(randomPassword, { length: 12 });
    expect(await update(randomPassword, state, { length: 12 })).toEqual(state);
  });

  it("is unknown in a preview", async () => {
    const { state } = await randomPassword.create({
      name: "n",
      inputs: { length: 9 },
      preview: true,
      log: recordedLog(),
    });
    expect(revealed(state.result)).toBe(unknown);
  });

  it.each([
    [{ length: 0 }, "length: value must be at least 1, got: 0"],
    [{ length: 3, minUpper: 2, minLower: 2 }, "length: value must be at least sum of"],
    [{}, "length: Missing required argument"],
    [{ length: 9, colour: "blue" }, "colour: not supported by the lab's fake for pulumi-resource-random"],
  ])("refuses %j", (inputs, message) => {
    expect(() => checked(randomPassword, inputs)).toThrow(message);
  });

  it.each([
    [{ length: 9 }, []],
    [{ length: 9, special: true }, []],
    [{ length: 10 }, ["length"]],
    [{ length: 9, special: false }, ["special"]],
    [{ length: 9, keepers: { rotate: "2" } }, ["keepers"]],
  ])("made with length 9, is replaced by %j for %j", async (inputs, changed) => {
    const state = await create(randomPassword, { length: 9 });
    const { changes, replaces } = randomPassword.diff({ oldInputs: { length: 9 }, state, inputs });
    expect([...changes.keys()].filter(replaces)).toEqual(changed);
  });
});

it("RandomString is no secret, and is its own id", async () => {
  const { result, id } = await create(randomString, { length: 8 });
  expect(result).toMatch(/^.{8}$/);
  expect(id).toBe(result);
});

it("RandomBytes keeps both its forms secret", async () => {
  const { base64, hex } = await create(randomBytes, { length: 32 });
  expect(Buffer.from(revealed(base64), "base64").toString("hex")).toBe(revealed(hex));
  expect(revealed(hex)).toHaveLength(64);
});

it("RandomBytes has its secret for an id, as the official plugin does", async () => {
  const { id, state } = await randomBytes.create({
    name: "n",
    inputs: { length: 4 },
    preview: false,
    log: recordedLog(),
  });
  expect(id).toBe(revealed(state.base64));
});

it("RandomId writes one number in four ways, each behind the prefix", async () => {
  const { id, hex, dec, b64Url, b64Std } = await create(randomId, { byteLength: 6, prefix: "p-" });
  const bytes = Buffer.from(String(id), "base64url");
  expect([hex, b64Url, b64Std]).toEqual([`p-${bytes.toString("hex")}`, `p-${id}`, `p-${bytes.toString("base64")}`]);
  expect(dec).toBe(`p-${BigInt(`0x${bytes.toString("hex")}`)}`);
});
