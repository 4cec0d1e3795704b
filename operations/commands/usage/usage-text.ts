import { sizeText } from "../../size-text.ts";
import { textTable } from "../../text-table.ts";
import type { Usage } from "./usage-report.ts";

export function usageText({ repositories, size, disk, retention }: Usage): string {
  const rows = repositories.map(({ name, tags, images, size, alone, shared }) => [
    ...[name, String(tags), String(images)],
    ...[size, alone, shared].map(sizeText),
  ]);
  const numbers = ["TAGS", "IMAGES", "SIZE", "ALONE", "SHARED"];
  return [
    ...(rows.length > 0 ? [textTable(["REPOSITORY", ...numbers], rows, numbers), ""] : []),
    `${repositories.length} repositories, ${sizeText(size)} together`,
    ...(retention ? [retentionLine(retention)] : []),
    ...(disk ? diskLines(disk) : []),
  ].join("\n");
}

function retentionLine({ tags, untagged = 0, freedBytes }: NonNullable<Usage["retention"]>): string {
  if (tags + untagged === 0) return "retention: nothing would go";
  const alone = untagged > 0 ? ` and ${untagged} manifests without a tag` : "";
  return `retention: ${tags} tags${alone} would go, and ${sizeText(freedBytes)} with them; which: registry retain --dry-run`;
}

function diskLines(disk: NonNullable<Usage["disk"]>): string[] {
  const { path, size, used, free, trash, others, untagged = 0 } = disk;
  return [
    `disk of ${path}: ${sizeText(used)} used, ${sizeText(free)} free of ${sizeText(size)}; ${growthText(disk)}`,
    ...(others > size / 20
      ? [
          `no images: ${sizeText(others)} on this file system; which, on the host: sudo du -xh "$(findmnt -n -o TARGET -T ${path})" | sort -h | tail`,
        ]
      : []),
    ...(untagged > 0 ? [`without a tag: ${sizeText(untagged)}; a collection frees what no manifest references`] : []),
    ...(trash > 0 ? [`in the trash: ${sizeText(trash)}; now: registry collect --purge-trash`] : []),
  ];
}

function growthText({ growthPerDay, daysUntilFull }: NonNullable<Usage["disk"]>): string {
  if (growthPerDay === undefined) return "days until it is full: unknown: needs two days of records";
  if (daysUntilFull === undefined) return "it does not grow";
  return `it grows by ${sizeText(growthPerDay)} a day, and is full in ${daysUntilFull} days`;
}
