import type { Finding } from "../../health/finding.ts";
import { sizeText } from "../../size-text.ts";
import type { DoctorReport } from "./doctor-report.ts";

/** The findings, the most important line of each first. */
export function doctorText({ asked, findings, images, fixed = [] }: DoctorReport): string {
  const parts = `asked: ${asked.join(", ")}`;
  const fixes = fixed.map(({ where, error }) =>
    error === undefined ? `mended: ${where} is as the last up had it` : `not mended: ${where}: ${error}`,
  );
  const count = findings.length === 1 ? "1 problem" : `${findings.length} problems`;
  const end = findings.length === 0 ? `nothing found: all is as the stack has it; ${parts}` : `${count}; ${parts}`;
  const read = images
    ? [
        `read: ${images.blobs} blobs (${sizeText(images.bytes)}) hashed and ${images.tags} tags resolved in ${images.seconds} s`,
      ]
    : [];
  return [...findings.map(findingText), [...fixes, ...read, end].join("\n")].join("\n\n");
}

function findingText(finding: Finding, index: number): string {
  const { check, problem, where, affects, cause, lines = [], symptoms = [], mend } = finding;
  return [
    `${index + 1}. ${problem}  [${check}]`,
    `   where    ${where}`,
    `   affects  ${affects}`,
    ...(cause === undefined ? [] : [`   cause    ${cause}`]),
    ...symptoms.map((symptom) => `   so       ${symptom}`),
    ...lines.map((line) => `            ${line}`),
    `   mend     ${mend}`,
  ].join("\n");
}
