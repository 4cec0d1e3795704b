import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { docsPage, readPage } from "../e2e/support/docs-pages/docs-page.ts";
import { notRun } from "../e2e/support/docs-pages/not-run.ts";
import { lineInTheLab } from "../e2e/support/docs-pages/run-page.ts";

const root = join(import.meta.dirname, "../..");
const incidents = readdirSync(join(root, "docs/incidents"))
  .filter((name) => name !== "README.md")
  .map((name) => `incidents/${name}`);
const tests = readdirSync(join(root, "test/e2e"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(root, "test/e2e", file), "utf8"));

it.each(incidents)("docs/%s › is run by an end-to-end test against its fault", (name) => {
  expect(tests.filter((text) => text.includes(`docsPage("${name}")`))).not.toEqual([]);
});

it.each(incidents)("docs/%s › has a first command, and one that says when it is over", (name) => {
  const page = docsPage(name);
  expect(page.lines("First")).not.toEqual([]);
  expect(page.lines("Over when")).not.toEqual([]);
});

it.each(sections("get-started.md"))("docs/get-started.md › %s is run by an end-to-end test", (section) => {
  expect(tests.filter((text) => text.includes(`follow(page, "${section}"`))).not.toEqual([]);
});

it.each(Object.entries(notRun))(
  "docs/%s › has the commands that no test runs, with a reason for each",
  (name, reasons) => {
    const text = readFileSync(join(root, "docs", name), "utf8");
    for (const [line, why] of Object.entries(reasons)) {
      expect(text).toContain(line);
      process.stderr.write(`docs/${name}: ${line}: run by no test, since ${why}\n`);
    }
  },
);

describe("readPage", () => {
  const text = [
    "**First**: look",
    "```sh\nregistry a --wait 1m   # why\n# only why\npulumi up\n```",
    "**Mend**\n```sh\npulumi up\n```\n```yaml\na: 1\n```",
    "| what | mend |\n| x509 | `pulumi up`, then `registry b` |",
  ].join("\n");

  it("reads the lines of a section's code blocks, without comments", () => {
    const page = readPage(text);
    expect([page.lines("First"), page.lines("Mend"), page.lines("Over when")]).toEqual([
      ["registry a --wait 1m", "pulumi up"],
      ["pulumi up"],
      [],
    ]);
  });

  it("reads the commands of a step", () => {
    const steps = [
      "Before.\n1. **`key`**. See `pulumi preview`.",
      "2. **Remove `key`, and run `pulumi up`**: it `ends`\n   so:\n\n   ```sh\n   ssh a   # there\n   ```\n",
      "```sh\nother\n```\n1. **`pulumi b`**",
    ].join("\n");
    const page = readPage(steps);
    expect([1, 2, 3].map(page.step)).toEqual([[], ["pulumi up", "ssh a"], []]);
  });

  it("reads the commands of a row", () => {
    expect(readPage(text).mendsOf("x509")).toEqual(["pulumi up", "registry b"]);
    expect(() => readPage(text).mendsOf("x510")).toThrow("no row has x510");
  });
});

it.each([
  ["npm run -s registry -- revoke ACCOUNT", "npm run -s registry -- revoke jenkins --stack lab --config-file /f"],
  ["registry sync jenkins", "npm run -s registry -- sync jenkins --stack lab --config-file /f"],
  ["pulumi cancel", "pulumi cancel --yes --stack lab"],
  ["git log --oneline Pulumi.STACK.yaml", "git log --oneline Pulumi.lab.yaml"],
])("lineInTheLab › writes %s for the lab's stack", (line, ours) => {
  expect(lineInTheLab(line, { stack: "lab", file: "/f" }, { ACCOUNT: "jenkins" })).toBe(ours);
});

it("lineInTheLab › wants a value for each word in capitals", () => {
  expect(() => lineInTheLab("registry revoke ACCOUNT", { stack: "lab", file: "/f" }, {})).toThrow("stands for ACCOUNT");
});

/** The headings of a page's sections. */
function sections(name: string): string[] {
  const text = readFileSync(join(root, "docs", name), "utf8");
  return [...text.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
}
