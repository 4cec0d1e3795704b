import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Four files at a time on two cores: a file waits for machines, timeouts and retries as long as it computes. */
const waiting = { maxWorkers: 4, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    // vitest leaves one core alone, which is half of two.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          globalSetup: ["test/unit/global-setup.ts"],
          // Generated inputs take their time on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "program",
          include: ["test/program/**/*.test.ts"],
          testTimeout: 20_000,
          env: { KUBECONFIG: join(import.meta.dirname, "test/program/kubeconfig.yaml") },
        },
      },
      {
        test: {
          ...waiting,
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: ["test/engine/global-setup.ts"],
          // A test of ten Pulumi commands takes half a minute alone, and four times that on a busy machine.
          testTimeout: 240_000,
          // The first run may build the Kubernetes API, and install etcd and sshd.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          ...waiting,
          name: "parsers",
          include: ["test/parsers/**/*.test.ts"],
          globalSetup: ["test/parsers/global-setup.ts"],
          testTimeout: 180_000,
          // The first run may build the Kubernetes API.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          ...waiting,
          name: "proxy",
          include: ["test/proxy/**/*.test.ts"],
          globalSetup: ["test/proxy/global-setup.ts"],
          testTimeout: 180_000,
          // The first run may build Traefik, and a caddy whose clock can be set.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          ...waiting,
          name: "ui",
          include: ["test/ui/**/*.test.ts"],
          globalSetup: ["test/proxy/global-setup.ts"],
          testTimeout: 240_000,
          // The first run may install Chromium.
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          ...waiting,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/global-setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
