import { describe, expect, it } from "vitest";
import { credentialXml, readCredential } from "../../../jenkins/credential-xml.ts";
import { fromXml } from "../../../lab/jenkins/credential.ts";
import fc from "../../properties.ts";

const plugins = new Set(["credentials", "plain-credentials"] as const);

/** What settings let pass: no control characters, and whole characters alone. */
const text = fc
  .string({ unit: "grapheme" })
  .filter((each) => !/\p{Cc}/u.test(each) && Buffer.from(each).toString() === each && !/[\uFFFE\uFFFF]/.test(each));

describe("credentialXml", () => {
  it("names the class in its root, and escapes what XML would read as its own", () => {
    const password = `<a>&amp;"'$]]>`;
    expect(
      credentialXml({ id: "a", kind: "username-password", username: "ü", password, description: "" }, "of [us]"),
    ).toBe(
      "<com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl><scope>GLOBAL</scope><id>a</id><description>of [us]</description><username>ü</username><password>&lt;a&gt;&amp;amp;\"'$]]&gt;</password></com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl>",
    );
  });

  it("carries any password and any text to Jenkins as it is", () => {
    fc.assert(
      fc.property(text, text, text, (username, password, description) => {
        const common = { id: "a", description };
        const login = { ...common, kind: "username-password", username, password } as const;
        expect(fromXml(credentialXml(login, description), plugins)).toEqual({ ...login, scope: "GLOBAL" });
        const secret = { ...common, kind: "secret-text", secret: password } as const;
        expect(fromXml(credentialXml(secret, description), plugins)).toEqual({ ...secret, scope: "GLOBAL" });
      }),
    );
  });
});

it.each(["\u0000", "\uFFFF", "\uD800"])("credentialXml › says that XML cannot carry %j", (character) => {
  const secret = `before${character}after`;
  const make = () => credentialXml({ id: "a", kind: "secret-text", secret, description: "" }, "");
  expect(make).toThrow("a: its secret holds a character that XML cannot carry");
  expect(make).not.toThrow("before");
});

describe("readCredential", () => {
  it("reads type, description and user name of what Jenkins shows", () => {
    const root = "com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl";
    const shown = `<${root} plugin="credentials@1"><description>a &amp; b</description><username>ci</username><password><secret-redacted/></password></${root}>`;
    expect(readCredential(shown)).toEqual({ kind: "username-password", description: "a & b", username: "ci" });
  });

  it("knows a type that no stack makes for what it is", () => {
    expect(readCredential("<org.example.Key><description>a</description></org.example.Key>")).toEqual({
      kind: undefined,
      description: "a",
      username: undefined,
    });
  });

  it.each(["", "Not XML", "<html><p></html>"])("takes %j for nothing", (body) => {
    expect(readCredential(body)).toBeUndefined();
  });
});
