import { describe, expect, it } from "vitest";
import { difference, equals } from "../../../../lab/pulumi-fakes/plugin/difference.ts";
import {
  assetSignature,
  type PropertyMap,
  secret,
  signatureKey,
} from "../../../../lab/pulumi-fakes/plugin/property.ts";

const asset = (path: string, hash: string) => ({ [signatureKey]: assetSignature, path, hash });

describe("difference", () => {
  it.each<[PropertyMap, PropertyMap, Record<string, string>]>([
    [{ a: 1 }, { a: 1 }, {}],
    [{ a: 1 }, { a: 2 }, { a: "update" }],
    [{}, { a: false }, { a: "add" }],
    [{ a: "" }, {}, { a: "delete" }],
    [{ a: null }, {}, {}],
    [{ a: null }, { a: 1 }, { a: "add" }],
    [{ a: { b: { c: 1 } } }, { a: { b: { c: 2, d: 3 } } }, { "a.b.c": "update", "a.b.d": "add" }],
    [{ a: [1, 2, 3] }, { a: [1, 4] }, { "a[1]": "update", "a[2]": "delete" }],
    [{ a: { "b.c": 1 } }, { a: { "b.c": 2 } }, { 'a["b.c"]': "update" }],
    [{ a: [1] }, { a: { 0: 1 } }, { a: "update" }],
    [{ a: secret({ b: 1 }) }, { a: secret({ b: 2 }) }, { a: "update" }],
    [{ a: secret(1) }, { a: 1 }, { a: "update" }],
    [{ a: asset("x", "1") }, { a: asset("y", "1") }, {}],
    [{ a: asset("x", "1") }, { a: asset("x", "2") }, { a: "update" }],
  ])("from %j to %j", (olds, news, changes) => {
    expect(Object.fromEntries(difference(olds, news))).toEqual(changes);
  });
});

describe("equals", () => {
  it.each([
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [{ a: { b: [] } }, { a: { b: [] } }, true],
    [secret("x"), secret("x"), true],
    [undefined, null, true],
    [0, null, false],
  ])("%j and %j: %s", (a, b, same) => {
    expect(equals(a, b)).toBe(same);
  });
});
