import type { Page } from "playwright-core";

/**
 * Waits until the page has painted what it rendered. Preact runs effects after that, and listens to keys from then on; no
 * person is as quick as a test.
 */
export async function painted(page: Page): Promise<void> {
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
}
