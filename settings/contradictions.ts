import type { Settings } from "./settings.ts";

/** What is wrong at one place of the settings. */
export type Contradiction = { path: (string | number)[]; input?: unknown; message: string };

/** Everything in valid settings that cannot be meant together. */
export function contradictions(_settings: Settings): Contradiction[] {
  return [];
}
