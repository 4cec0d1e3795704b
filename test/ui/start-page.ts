import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { build } from "vite";
import { startChromium } from "../../lab/chromium.ts";
import { type StartedGate, startGate } from "../../lab/gate/start-gate.ts";
import type { Gate } from "../../render/gate/gate.ts";
import { type OpenedPage, watched } from "./watched.ts";

const source = join(import.meta.dirname, "../../ui");

export type StartedPage = AsyncDisposable & {
  gate: StartedGate;
  browser: Browser;
  /** Where the built files are. */
  root: string;
  /** A window of its own, as after a new start of the browser. */
  open(hash?: string, options?: BrowserContextOptions & { at?: string }): Promise<OpenedPage>;
};

/** The page as built from its source, before the real gate and the real registry, in a real browser. */
export async function startPage(settings: Partial<Gate> = {}): Promise<StartedPage> {
  const root = await mkdtemp(join(tmpdir(), "page-"));
  const configFile = join(source, "vite.config.ts");
  await build({ configFile, build: { outDir: root } });
  const gate = await startGate({ ...settings, ui: { kind: "files", root } });
  const browser = await startChromium();
  return {
    gate,
    browser,
    root,
    async open(hash = "", { at = `${gate.url}/ui/`, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1360, height: 800 }, ...options });
      context.setDefaultTimeout(45_000);
      const opened = watched(await context.newPage());
      await opened.page.goto(`${at}${hash}`);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await gate[Symbol.asyncDispose]();
      await rm(root, { recursive: true });
    },
  };
}
