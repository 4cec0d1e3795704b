import { compareSync, hashSync } from "bcryptjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { caddyText } from "../../../render/caddy/block.ts";
import { unknownAccount } from "../../../render/proxy/caddy-names.ts";
import { renameUnknown, unknownAccountLine } from "../../../render/proxy/unknown-names.ts";

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/);
const others = fc.array(name, { maxLength: 4 });
const password = fc.string({ maxLength: 72, unit: "grapheme" });

/** What reaches basic_auth, by the matcher's patterns, which Caddy and JavaScript read alike but for the inline flags. */
function sent(names: readonly string[], header: string): string {
  const text = caddyText(renameUnknown(names));
  const basic = /^basic ([A-Za-z0-9+/=]*)/i.exec(header);
  const known = /not vars_regexp \S+ "\(\?i\)\^basic \(\?-i:(.*)\)"/.exec(text)?.[1];
  const [scheme = "", proof = ""] = header.split(" ");
  const isKnown = known !== undefined && /^basic$/i.test(scheme) && new RegExp(`^(?:${known})`).test(proof);
  if (basic === null || isKnown) return header;
  const prefix = /Authorization "Basic (.*)\{re\.basic\.1\}"/.exec(text)?.[1];
  return `Basic ${prefix}${basic[1]}`;
}

const encoded = (user: string, word: string) => `Basic ${Buffer.from(`${user}:${word}`).toString("base64")}`;
const decoded = (header: string) => Buffer.from(header.slice("Basic ".length), "base64").toString();

describe("renameUnknown", () => {
  it("leaves the names of accounts as they are, whatever the password", () => {
    fc.assert(
      fc.property(others, name, password, (names, user, word) => {
        const header = encoded(user, word);
        expect(sent([...names, user], header)).toBe(header);
      }),
    );
  });

  it("replaces every other name by one account's, and makes the rest the password", () => {
    fc.assert(
      fc.property(others, fc.oneof(name, fc.string()), password, (names, user, word) => {
        const [first = ""] = user.split(":");
        fc.pre(!names.includes(first));
        expect(decoded(sent(names, encoded(user, word)))).toBe(`${unknownAccount}:${user}:${word}`);
      }),
    );
  });

  it("replaces names that an account's name begins with, and names that begin with it", () => {
    for (const user of ["team", "team-ab", "team-a-", "Team-A", "team-a ", ""])
      expect(decoded(sent(["team-a"], encoded(user, "x")))).toBe(`${unknownAccount}:${user}:x`);
  });

  it("replaces every name where there is no account", () => {
    expect(decoded(sent([], encoded("jenkins", "x")))).toBe(`${unknownAccount}:jenkins:x`);
  });
});

describe("unknownAccountLine", () => {
  it.each([4, 10, 12])("costs as much as an account's own hash: %i", (cost) => {
    const [user, hash] = words(unknownAccountLine([hashSync("password", cost)]));
    expect([user, hash?.slice(0, 7)]).toEqual([unknownAccount, `$2b$${String(cost).padStart(2, "0")}$`]);
    expect(hash).toHaveLength(60);
  });

  it("costs what generated passwords cost where there is no account", () => {
    expect(words(unknownAccountLine([]))[1]).toMatch(/^\$2b\$10\$/);
  });

  it("is the hash of no password: a real one never ends like that", () => {
    fc.assert(
      fc.property(password, (word) => {
        expect(".CGKOSWaeimquy26").toContain(hashSync(word, 4).at(-1));
      }),
      { numRuns: 50 },
    );
    const [, hash = ""] = words(unknownAccountLine([hashSync("x", 4)]));
    expect(hash).toHaveLength(60);
    expect(compareSync("", hash)).toBe(false);
  });
});

/** The words of a Caddyfile's line, without their quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word);
}
