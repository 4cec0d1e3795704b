import { type Browser, chromium } from "playwright-core";
import { ensurePrograms } from "../debian/debian.ts";

/** Starts Debian's Chromium without a window and without its background network requests. */
export async function startChromium(): Promise<Browser> {
  await ensurePrograms(
    { "/usr/bin/chromium": ["chromium", "fonts-dejavu-core"] },
    "the ui tests need /usr/bin/chromium, which does not exist; install the Debian package chromium",
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
