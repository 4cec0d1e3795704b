import { expect, it } from "vitest";
import { nextPage } from "../../../ui/registry/link.ts";

it.each<[string, string | null, string | undefined]>([
  ["distribution's", '</v2/_catalog?last=b%2Fc&n=2>; rel="next"', "/v2/_catalog?last=b%2Fc&n=2"],
  ["an absolute one", '<https://registry.example.org/v2/_catalog?n=2>; rel="next"', "/v2/_catalog?n=2"],
  ["one without quotes", "</v2/a/tags/list?n=2>;rel=next", "/v2/a/tags/list?n=2"],
  ["the second of two", '</v2/a>; rel="prev", </v2/b>; rel="next"', "/v2/b"],
  ["no header", null, undefined],
  ["no next page", '</v2/a>; rel="prev"', undefined],
  ["a page outside the API", '</elsewhere>; rel="next"', undefined],
])("nextPage › reads %s", (_which, header, path) => {
  expect(nextPage(header)).toBe(path);
});

it("nextPage › leaves no origin to another host", () => {
  expect(nextPage('<//evil.example.org/v2/x>; rel="next"')).toBe("/v2/x");
});
