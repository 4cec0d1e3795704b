import { type Browser, chromium } from "playwright-core";
import { ensurePrograms } from "../debian/debian.ts";

/** Debian's Chromium without a window, which asks nobody outside for anything. */
export async function startChromium(): Promise<Browser> {
  await ensurePrograms(
    { "/usr/bin/chromium": ["chromium", "fonts-dejavu-core"] },
    "the page is tested in /usr/bin/chromium, which is not here: install the package chromium",
  );
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    timeout: 120_000,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
