import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseWithProblems } from "../../../../settings/errors/zod-problems.ts";
import { CertificateFile } from "../../../../settings/formats/local-file.ts";

it("CertificateFile › refuses the bundle of all CAs, which no command line carries", () => {
  const one = readFileSync(new URL("../../jenkins/ca.pem", import.meta.url), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  const [few, all] = [join(folder, "few.pem"), join(folder, "all.pem")];
  writeFileSync(few, one.repeat(3));
  writeFileSync(all, one.repeat(Math.ceil(65_537 / one.length)));
  try {
    expect(parseWithProblems(CertificateFile, few).problems).toEqual([]);
    expect(parseWithProblems(CertificateFile, all).problems).toMatchObject([
      { message: "has more than 64 KiB; name the CA that signed, not a bundle of all" },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
