import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { GoBinary } from "../go/go-build.ts";

/** The OCI's conformance tests for registries. They have no releases, so not every Go module proxy serves them. */
export const conformanceSuite: GoBinary = {
  name: "oci-conformance",
  version: "0.0.0-20260627150115-216c04cd22ce",
  package: "github.com/opencontainers/distribution-spec/conformance",
  binary: "conformance",
};

export type ConformanceRun = {
  /** Path of the conformance tests' program. */
  suite: string;
  url: string;
  /** Prefix of the names of the repositories that the tests create. */
  repository: string;
  account?: { name: string; password: string };
};

/**
 * The result of each test: `<name>: passed`, `failed` or `skipped`. The results are sorted, because the tests' order
 * changes.
 */
export async function conformanceResults({ suite, url, repository, account }: ConformanceRun): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "conformance-"));
  const env = {
    OCI_VERSION: "1.1",
    OCI_RESULTS_DIR: join(directory, "results"),
    OCI_REGISTRY: new URL(url).host,
    OCI_TLS: "disabled",
    OCI_REPO1: `${repository}/first`,
    OCI_REPO2: `${repository}/second`,
    ...(account && { OCI_USERNAME: account.name, OCI_PASSWORD: account.password }),
  };
  try {
    // The program exits with 1 if any test fails, and distribution itself fails some tests.
    await execa(suite, [], { cwd: directory, env, reject: false });
    return resultsOf(await readFile(join(directory, "results/junit.xml"), "utf8"));
  } finally {
    await rm(directory, { recursive: true });
  }
}

function resultsOf(junit: string): string[] {
  const cases = junit.match(/<testcase [^>]*(?:\/>|>.*?<\/testcase>)/gs) ?? [];
  return cases.map((text) => `${/ name="([^"]*)"/.exec(text)?.[1]}: ${resultOf(text)}`).sort();
}

function resultOf(testcase: string): "passed" | "failed" | "skipped" {
  if (testcase.includes("<failure")) return "failed";
  return testcase.includes("<skipped") ? "skipped" : "passed";
}
