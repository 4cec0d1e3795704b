import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      { test: { name: "program", include: ["test/program/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          testTimeout: 120_000,
          // The first run may build the engine.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: "parsers",
          include: ["test/parsers/**/*.test.ts"],
          testTimeout: 60_000,
          // The first run may build caddy, distribution and Compose.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: "gate",
          include: ["test/gate/**/*.test.ts"],
          testTimeout: 60_000,
          // The first run may build caddy and distribution.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: "ui",
          include: ["test/ui/**/*.test.ts"],
          testTimeout: 90_000,
          // The first run may build caddy and distribution, and install Chromium.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/global-setup.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
