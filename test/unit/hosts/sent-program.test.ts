import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { sentProgram } from "../../../hosts/apply/sent-program.ts";

const text = "greet() { printf 'hello, %s\\n' \"$1\"; }\n".repeat(200);

it("a program › is sent as one line, a fraction of its size", () => {
  const { line } = sentProgram(text);
  expect(gunzipSync(Buffer.from(line, "base64")).toString()).toBe(text);
  expect(line).toMatch(/^[\w+/]+=*$/);
  expect(line.length).toBeLessThan(text.length / 10);
});

it("a program › is the same line on every machine, since another one would apply every host again", () => {
  const { line } = sentProgram(text);
  expect(createHash("sha256").update(line).digest("hex")).toBe(
    "651e34467e96dd5c881854cfc8ef76583c09137b156433202336d57e56e46873",
  );
});
