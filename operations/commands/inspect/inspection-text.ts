import { sizeText } from "../../size-text.ts";
import { textTable } from "../../text-table.ts";
import type { Inspection } from "./inspection.ts";

export function inspectionText(inspection: Inspection): string {
  const { repository, digest, mediaType, kind, tag = "", size, manifests, referrers, pods } = inspection;
  return [
    `${repository}@${digest}`,
    ...fields([
      ["kind", `${kind}, ${mediaType}`],
      ["tag", tag],
      ["size", sizeText(size)],
    ]),
    ...manifests.flatMap(manifestLines),
    ...(referrers.length > 0 ? ["", "referrers", ...indented(referrerTable(referrers))] : []),
    ...(pods ? ["", ...podLines(pods)] : []),
  ].join("\n");
}

function manifestLines(manifest: Inspection["manifests"][number]): string[] {
  const { digest, kind, platform, created, artifactType, size, layers } = manifest;
  const config = record(record(manifest.config).config);
  const labels = Object.entries(record(config.Labels)).map(([name, value]) => `${name}=${value}`);
  return [
    "",
    [platform ?? kind, digest].join("  "),
    ...fields([
      ["missing", kind === "missing" ? "the registry does not have it" : ""],
      ["type", artifactType ?? ""],
      ["created", created ?? ""],
      ["size", sizeText(size)],
      ["user", text(config.User)],
      ["directory", text(config.WorkingDir)],
      ["entrypoint", text(config.Entrypoint)],
      ["command", text(config.Cmd)],
      ["ports", Object.keys(record(config.ExposedPorts)).join(", ")],
      ["labels", labels.join(", ")],
    ]),
    ...(layers.length > 0 ? ["  layers", ...indented(layerTable(layers)).map((line) => `  ${line}`)] : []),
  ];
}

/** Those that have a value. */
function fields(all: readonly (readonly [string, string])[]): string[] {
  return all.filter(([, value]) => value !== "").map(([name, value]) => `  ${name.padEnd(10)}  ${value}`);
}

function layerTable(layers: Inspection["manifests"][number]["layers"]): string {
  const rows = layers.map(({ digest, size, mediaType }) => [digest, sizeText(size), mediaType]);
  return textTable(["DIGEST", "SIZE", "TYPE"], rows, ["SIZE"]);
}

function referrerTable(referrers: Inspection["referrers"]): string {
  const rows = referrers.map(({ digest, size, artifactType = "", subject, tag = "" }) => {
    return [digest, sizeText(size), artifactType, subject.slice(0, "sha256:".length + 12), tag];
  });
  return textTable(["DIGEST", "SIZE", "TYPE", "OF", "TAG"], rows, ["SIZE"]);
}

function podLines(pods: NonNullable<Inspection["pods"]>): string[] {
  if (pods.length === 0) return ["no pod of the stack's cluster runs it"];
  const lines = pods.map(
    ({ kind, namespace, name, by }) => `${kind} ${namespace}/${name}${by === "tag" ? " (asks for its tag)" : ""}`,
  );
  return ["pods", ...lines.map((line) => `  ${line}`)];
}

function indented(table: string): string[] {
  return table.split("\n").map((line) => `  ${line}`);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
