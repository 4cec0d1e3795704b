import { describe, expect, it } from "vitest";
import { challengeIn } from "../../../existing/challenge.ts";

describe("challengeIn", () => {
  it.each([
    ["Basic", { scheme: "basic" }],
    ['Basic realm="Sonatype Nexus Repository Manager"', { scheme: "basic" }],
    ['basic realm="a, Bearer of news"', { scheme: "basic" }],
    [
      'Bearer realm="https://auth.example.org/token",service="registry.example.org",scope="repository:a:pull,push"',
      { scheme: "bearer", realm: "https://auth.example.org/token", service: "registry.example.org" },
    ],
    [
      "bearer realm=https://a.example.org/t, service=s",
      { scheme: "bearer", realm: "https://a.example.org/t", service: "s" },
    ],
    [
      'Bearer service="a, b=c",realm="https://a.example.org/t?x=1"',
      { scheme: "bearer", realm: "https://a.example.org/t?x=1", service: "a, b=c" },
    ],
    ['Bearer realm="https://a.example.org/t"', { scheme: "bearer", realm: "https://a.example.org/t" }],
    ['Basic realm="x", Bearer realm="https://a.example.org/t"', { scheme: "bearer", realm: "https://a.example.org/t" }],
    [
      ['Bearer realm="https://a.example.org/t"', 'Basic realm="x"'],
      { scheme: "bearer", realm: "https://a.example.org/t" },
    ],
    ['Bearer error="insufficient_scope"', undefined],
    ["Negotiate", undefined],
    ["BasicAuth", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%o is %o", (header, challenge) => {
    expect(challengeIn(header)).toEqual(challenge);
  });
});
