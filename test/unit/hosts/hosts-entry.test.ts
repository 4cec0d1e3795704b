import { describe, expect, it } from "vitest";
import fc from "../../properties.ts";
import { shells } from "./shells.ts";
import { splice } from "./splice.ts";

const format = "hosts";
const wanted = "192.0.2.10 registry.example.org\n";
const ours = "192.0.2.10 registry.example.org # container-registry trust\n";

describe.each(shells)("hosts entry, by $name", { timeout: 30_000 }, (shell) => {
  const put = (text: string, owned = "") => splice({ format, text, wanted, owned, shell });
  const takeOut = (text: string) => splice({ format, text, owned: wanted, shell });

  it("comes first and keeps the other lines byte for byte", () => {
    const text = "127.0.0.1\tlocalhost \r\n\n::1 ip6-localhost\n# a comment\nno final newline";
    expect(put(text)).toMatchObject({ status: 0, text: `${ours}${text}` });
  });

  it("is taken out again to the byte, whatever the file", () => {
    const line = fc.constantFrom(
      "127.0.0.1 localhost",
      "",
      " ",
      "\t# x",
      "10.0.0.1 registry.example.org",
      "\xff\xe4\r",
      "\\n%s",
    );
    const file = fc.tuple(fc.array(line), fc.constantFrom("", "\n")).map(([lines, end]) => lines.join("\n") + end);
    fc.assert(
      fc.property(file, (text) => {
        const there = put(text);
        expect(there.text).toBe(ours + text);
        expect(put(there.text, wanted).text).toBe(there.text);
        expect(takeOut(there.text).text).toBe(text);
      }),
      { numRuns: shell.numRuns },
    );
  });

  it("tells of another line for the same name, and leaves it", () => {
    const { text, notes } = put("10.0.0.1 old Registry.example.org # by hand\n");
    expect(text).toBe(`${ours}10.0.0.1 old Registry.example.org # by hand\n`);
    expect(notes).toContain(
      "say another line gives registry.example.org the address 10.0.0.1; it is left as it is, after ours",
    );
  });

  it.each([
    "127.0.0.1 localhost\n192.0.2.10\tshop Registry.Example.org # by hand\n",
    "192.0.2.10 registry.example.org\r\n10.0.0.1 registry.example.org\r\n",
  ])("is not added where a line by hand comes first and says the same: %j", (text) => {
    const there = put(text);
    expect(there.text).toBe(text);
    expect(there.notes).toContain(`adopted 1 ${wanted.trim()}`);
    expect(put(text, wanted).text).toBe(text);
    expect(takeOut(text).text).toBe(text);
  });

  it.each([
    "10.0.0.1 registry.example.org\n192.0.2.10 registry.example.org\n",
    "192.0.2.10 registry.example.org # container-registry trust-2\n",
    "# 192.0.2.10 registry.example.org\n",
    "192.0.2.10 registry.example.org.lan # registry.example.org\n",
  ])("is added where no line by hand says the same first: %j", (text) => {
    expect(put(text).text).toBe(ours + text);
  });

  it("stays where somebody wrote the same later", () => {
    const text = `${ours}192.0.2.10 registry.example.org\n`;
    expect(put(text, wanted)).toMatchObject({
      text,
      notes: expect.not.arrayContaining([`adopted 1 ${wanted.trim()}`]),
    });
  });

  it("stays where it is below lines that lead elsewhere", () => {
    const text = `127.0.0.1 localhost\n${ours}`;
    expect(put(text, wanted).text).toBe(text);
  });

  it.each([
    ["another address", "192.0.2.9 registry.example.org # container-registry trust\n127.0.0.1 localhost\n"],
    ["a doubled line", `${ours}${ours}127.0.0.1 localhost\n`],
    ["a place below a line that wins", `${ours}127.0.0.1 localhost\n`],
  ])("is put right after %s", (_, text) => {
    expect(put(text, wanted).text).toBe(`${ours}127.0.0.1 localhost\n`);
  });

  it("leaves the line of another bundle", () => {
    const other = "192.0.2.11 other.example.org # container-registry trust-2\n";
    expect(put(other).text).toBe(ours + other);
    expect(put(other + ours, wanted).text).toBe(other + ours);
    expect(takeOut(other + ours).text).toBe(other);
  });

  describe("as written by version 0.1 on a node with containerd", () => {
    const former = "192.0.2.10 registry.example.org # container-registry # container-registry\n";
    const other = "192.0.2.11 other.example.org # container-registry # container-registry\n";

    it("stays as it is, and is removed when it is no longer wanted", () => {
      expect(put(`${other}${former}`, wanted).text).toBe(`${other}${former}`);
      expect(takeOut(`${other}${former}`).text).toBe(other);
    });

    it("is replaced when the address changes", () => {
      const owned = "192.0.2.9 registry.example.org\n";
      const text = `192.0.2.9 registry.example.org # container-registry # container-registry\n${other}`;
      expect(put(text, owned).text).toBe(ours + other);
    });
  });

  it("drops a comment that came with it: the label is the only one", () => {
    expect(splice({ format, text: "", wanted: `${ours}`, shell }).text).toBe(ours);
  });
});
