import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { withWorld } from "../with-world.ts";
import { push } from "./support/images.ts";
import { fillIn } from "./support/log-in.ts";
import { painted } from "./support/painted.ts";
import { startPage } from "./support/start-page.ts";

const started = withWorld(async ({ use }) => {
  const started = use(await startPage());
  for (const repository of ["apps/one", "apps/two", "base"]) await push(started.proxy, repository, "v1");
  for (const repository of ["apps/two", "base"])
    for (const tag of ["v2", "v3"])
      await push(started.proxy, repository, tag, { created: `2026-01-0${tag[1]}T00:00:00Z` });
  return started;
});

/** The name of what has the focus, as a screen reader would say it. */
const focused = (page: Page) =>
  page.evaluate<string>(
    "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()",
  );

async function expectFocus(page: Page, name: string) {
  await expect.poll(() => focused(page), { timeout: 10_000 }).toBe(name);
}

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) {
    await painted(page);
    await page.keyboard.press(key);
  }
}

async function tabTo(page: Page, name: string) {
  for (let stops = 0; stops < 25; stops += 1) {
    if ((await focused(page)) === name) return;
    await press(page, "Tab");
  }
  throw new Error(`the Tab key does not lead to ${name}`);
}

it("the keyboard alone › searches, opens a repository, an image, and deletes it", async () => {
  const { page } = await started().open();
  await page.getByRole("link", { name: "apps/two" }).waitFor();
  await press(page, "/");
  await expectFocus(page, "Search repositories");
  await page.keyboard.type("apps");
  await page.getByRole("link", { name: "base" }).waitFor({ state: "detached" });
  await press(page, "ArrowDown");
  await expectFocus(page, "apps/one");
  await press(page, "ArrowDown", "Enter");

  await page.getByRole("link", { name: "v3" }).waitFor();
  await press(page, "/");
  await expectFocus(page, "Search tags");
  await press(page, "ArrowDown");
  await expectFocus(page, "v3");
  await press(page, "End", "ArrowUp");
  await expectFocus(page, "v2");
  await press(page, "Tab");
  await expectFocus(page, "Copy pull command of v2");
  await press(page, "Shift+Tab", "Enter");
  await page.getByRole("region", { name: "v2" }).getByText("2026-01-02 00:00 UTC").waitFor();

  await page.getByRole("banner").getByRole("button", { name: "Log in" }).focus();
  await press(page, "Enter");
  await fillIn(page, "jenkins", "jenkins-password");
  await page.getByRole("button", { name: "Delete…" }).waitFor();
  await tabTo(page, "Delete…");
  await press(page, "Enter");
  await page.getByText("This tag goes with it").waitFor();
  await expectFocus(page, "Cancel");
  await tabTo(page, "Delete the image");
  await press(page, "Enter");
  await page.getByRole("link", { name: "v2" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "v1" }).waitFor();
  await page.context().close();
});

it("the list › is one stop of the Tab key, and remembers its row", async () => {
  const { page } = await started().open("#/base");
  await page.getByRole("link", { name: "v3" }).focus();
  await press(page, "ArrowDown", "Tab", "Tab");
  await expect.poll(() => page.evaluate("document.activeElement === document.body"), { timeout: 10_000 }).toBe(true);
  await press(page, "Shift+Tab", "Shift+Tab");
  await expectFocus(page, "v2");
  await page.context().close();
});

it("Escape › closes a dialog and gives the focus back; in a search box it empties it", async () => {
  const { page } = await started().open();
  await page.getByRole("button", { name: "Log in" }).focus();
  await press(page, "Enter");
  await page.getByRole("dialog", { name: "Log in" }).waitFor();
  await press(page, "Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expectFocus(page, "Log in");

  await press(page, "/");
  await page.keyboard.type("nothing");
  await page.getByText("No repository matches").waitFor();
  await press(page, "Escape");
  await page.getByRole("link", { name: "base" }).waitFor();
  await page.context().close();
});

it("the focus › goes on at the image where the list gives way to it, and back to the row", async () => {
  const { page } = await started().open("#/apps/two", { viewport: { width: 400, height: 700 } });
  await page.getByRole("link", { name: "v1" }).focus();
  await press(page, "Enter");
  await page.getByRole("region", { name: "v1" }).waitFor();
  await expectFocus(page, "v1");
  await tabTo(page, "Close the image");
  await press(page, "Enter");
  await page.getByRole("link", { name: "v1" }).waitFor();
  await expectFocus(page, "v1");
  expect(await page.evaluate("document.activeElement.tagName")).toBe("A");
  await page.context().close();
});

it("the focus › is always to be seen", async () => {
  const { page } = await started().open("#/apps/two:v1");
  await page.getByRole("region", { name: "v1" }).getByText("linux/amd64").waitFor();
  const seen: string[] = [];
  for (;;) {
    await press(page, "Tab");
    if (await page.evaluate("document.activeElement === document.body")) break;
    const [name = "", outline] = await page.evaluate<string[]>(outlined);
    expect.soft(outline, `the outline of ${name}`).toBe("solid");
    seen.push(name);
  }
  expect(seen.length).toBeGreaterThan(10);
  await page.context().close();
});

const outlined = `(() => {
  const element = document.activeElement;
  const row = getComputedStyle(element, "::after").outlineStyle;
  const own = getComputedStyle(element).outlineStyle;
  return [element.getAttribute("aria-label") ?? element.textContent, own === "none" ? row : own];
})()`;

it("what changes › is said in a live region", async () => {
  const { page } = await started().open("#/base");
  const live = page.locator("[role=status]");
  await live.getByText("base: 3 tags").waitFor({ state: "attached" });
  await page.getByLabel("Search tags").fill("v3");
  await live.getByText("base: 1 tag", { exact: true }).waitFor({ state: "attached" });
  await page.context().close();
});
