import { type Browser, chromium } from "playwright-core";
import { aptInstall, isDebianRoot, onPath } from "./debian.ts";
import { LabError } from "./lab-error.ts";
import { step } from "./progress.ts";

/** Debian's Chromium without a window, which asks nobody outside for anything. */
export async function startChromium(): Promise<Browser> {
  await ensureChromium();
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

async function ensureChromium(): Promise<void> {
  if (await onPath("/usr/bin/chromium")) return;
  if (!(await isDebianRoot()))
    throw new LabError("the page is tested in /usr/bin/chromium, which is not here: install the package chromium");
  await step("Chromium: install the Debian package chromium", () => aptInstall("chromium", "fonts-dejavu-core"));
}
