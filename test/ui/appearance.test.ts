import { describe, expect, it } from "vitest";
import { withWorld } from "../with-world.ts";
import { push } from "./support/images.ts";
import { startPage } from "./support/start-page.ts";

const started = withWorld(async ({ use }) => {
  const started = use(await startPage());
  const labels = { "org.opencontainers.image.source": `https://git.example.org/${"a".repeat(120)}` };
  const repository = `deep/${"segment/".repeat(8)}application-of-a-long-name`;
  await push(started.proxy, repository, `v1-${"long".repeat(20)}`, { labels, created: "2026-01-01T00:00:00Z" });
  await push(started.proxy, "app", "v1", { labels, created: "2026-01-01T00:00:00Z", layers: [123_456_789] });
  for (const tag of Array.from({ length: 28 }, (_, index) => `v${index + 2}`)) await push(started.proxy, "app", tag);
  return started;
});

const longest = `#/deep/${"segment/".repeat(8)}application-of-a-long-name`;

describe.each(["light", "dark"] as const)("the %s scheme", (colorScheme) => {
  it.each(["", "#/app:v1", "#/nowhere"])("has a contrast of 4.5 and more at “%s”", async (hash) => {
    const { page } = await started().open(hash, { colorScheme });
    await page.waitForLoadState("networkidle");
    await page.getByRole("link", { name: "app" }).first().hover();
    expect(await page.evaluate(faint)).toEqual([]);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await page.evaluate(faint)).toEqual([]);
    await page.context().close();
  });

  it("is followed when it changes", async () => {
    const { page } = await started().open("#/app", { colorScheme });
    const light = () =>
      page.evaluate<boolean>("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'");
    expect(await light()).toBe(colorScheme === "light");
    await page.emulateMedia({ colorScheme: colorScheme === "light" ? "dark" : "light" });
    await expect.poll(light, { timeout: 10_000 }).toBe(colorScheme === "dark");
    await page.context().close();
  });
});

it.each([320, 400, 800, 1360])("%i pixels › are wide enough: nothing is cut off or scrolls sideways", async (width) => {
  const { page } = await started().open("", { viewport: { width, height: 700 } });
  for (const hash of ["#/", "#/app", "#/app:v1", longest, `${longest}:v1-${"long".repeat(20)}`]) {
    await page.evaluate(`location.hash = "${hash}"`);
    await page.waitForLoadState("networkidle");
    await expect.poll(() => page.evaluate(sideways), { timeout: 10_000, message: hash }).toEqual([]);
  }
  await page.context().close();
});

it("400 pixels › show one thing at a time, with a way back", async () => {
  const { page } = await started().open("", { viewport: { width: 400, height: 700 } });
  await page.getByRole("link", { name: "app", exact: true }).click();
  await page.getByRole("link", { name: "v29" }).waitFor();
  expect(await page.getByLabel("Search repositories").isVisible()).toBe(false);
  await page
    .getByText(/^1\.\d kB$/)
    .first()
    .waitFor();
  await page.getByRole("link", { name: "v29" }).click();
  await page.getByRole("region", { name: "v29" }).getByText("not recorded").waitFor();
  expect(await page.getByLabel("Search tags").isVisible()).toBe(false);
  await page.getByRole("link", { name: "Close the image" }).click();
  await page.getByRole("link", { name: "All repositories" }).click();
  await page.getByLabel("Search repositories").waitFor();
  await page.context().close();
});

// WCAG 2.2, 1.4.3: each text against the nearest background below it.
const faint = `(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("body *")].filter((element) =>
    element.checkVisibility() && !element.closest("noscript, .unseen")
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  if (texts.length < 5) return ["hardly any text is there"];
  return texts.flatMap((element) => {
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(background(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return contrast < 4.5 ? [element.className + " " + element.textContent + " " + contrast.toFixed(2)] : [];
  });
})()`;

// A table that is short of its pane has columns that nobody sees.
const sideways = `[...document.querySelectorAll("html, .top, .pane, .pane-head, .scroller, .shell")]
  .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.className + " " + element.scrollWidth + " in " + element.clientWidth)
  .concat([...document.querySelectorAll("td.copies")]
    .filter((cell) => cell.checkVisibility() && cell.getBoundingClientRect().right < cell.closest("table").getBoundingClientRect().right - 1)
    .map((cell) => cell.textContent + " ends before its table"))`;
