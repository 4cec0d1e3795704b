import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { checkoutFiles } from "../../checks/checkout-files.ts";

const root = join(import.meta.dirname, "../..");
const pages = checkoutFiles().filter((path) => path.endsWith(".md"));

/** Text without code, in which brackets mean something else. */
const prose = (path: string) =>
  readFileSync(join(root, path), "utf8")
    .replace(/^ *```.*?^ *```$/gms, "")
    .replace(/`[^`\n]*`/g, "");

/** The anchors that GitHub gives a page's headings. */
function anchors(path: string): string[] {
  const headings = [...readFileSync(join(root, path), "utf8").matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

it.each(pages)("%s › links to pages and headings that exist", (path) => {
  const dead = [...prose(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchors(target).includes(anchor));
    });
  expect(dead).toEqual([]);
});
