import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { build } from "vite";
import { startChromium } from "../../../lab/clients/chromium.ts";
import { type StartedProxy, startProxy } from "../../../lab/proxy/start-proxy.ts";
import type { ProxyConfig } from "../../../render/proxy/proxy-config.ts";
import { type OpenedPage, watched } from "./watched.ts";

const source = join(import.meta.dirname, "../../../ui");

export type StartedPage = AsyncDisposable & {
  proxy: StartedProxy;
  browser: Browser;
  /** Where the built files are. */
  root: string;
  /** A window of its own, as after a new start of the browser. */
  open(hash?: string, options?: BrowserContextOptions & { at?: string }): Promise<OpenedPage>;
};

/** The page as built from its source, before the real proxy and the real registry, in a real browser. */
export async function startPage(settings: Partial<ProxyConfig> = {}): Promise<StartedPage> {
  const root = await mkdtemp(join(tmpdir(), "page-"));
  const configFile = join(source, "vite.config.ts");
  await build({ configFile, build: { outDir: root } });
  const proxy = await startProxy({ ...settings, ui: { kind: "files", root } });
  const browser = await startChromium();
  return {
    proxy,
    browser,
    root,
    async open(hash = "", { at = `${proxy.url}/ui/`, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1360, height: 800 }, ...options });
      context.setDefaultTimeout(45_000);
      const opened = watched(await context.newPage());
      await opened.page.goto(`${at}${hash}`);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await proxy[Symbol.asyncDispose]();
      await rm(root, { recursive: true });
    },
  };
}
