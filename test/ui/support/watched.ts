import type { Page } from "playwright-core";

export type OpenedPage = {
  page: Page;
  /** What the browser refused or could not do, and what scripts threw. */
  complaints: string[];
  /** Every address asked for. */
  requests: string[];
};

/** Writes down what becomes of a page, from before it is opened. */
export function watched(page: Page): OpenedPage {
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  page.on("console", (message) => {
    // Chromium reports each refused request; what they mean, the page says.
    if (["error", "warning"].includes(message.type()) && !message.text().startsWith("Failed to load resource"))
      complaints.push(message.text());
  });
  page.on("request", (request) => requests.push(request.url()));
  return { page, complaints, requests };
}
