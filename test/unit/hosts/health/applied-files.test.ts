import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { appliedFilesScript } from "../../../../hosts/health/applied-files.ts";
import { appliedFacts } from "../../../../operations/health/machines/applied-facts.ts";
import { temporaryFolder, withFreshWorld } from "../../../with-world.ts";
import { shells } from "../shells.ts";

const world = withFreshWorld((cleanup) => temporaryFolder(cleanup, "applied-files"));

const sum = (text: string) => createHash("sha256").update(text).digest("hex");
const encoded = (text: string) => Buffer.from(text).toString("base64");

/** What the script finds, after files with these texts were written and the manifest has these lines. */
function findings(shell: (typeof shells)[number], files: Record<string, string>, manifest: (folder: string) => string) {
  const folder = world();
  mkdirSync(join(folder, "state/registry.00aa"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o644);
  }
  writeFileSync(join(folder, "state/registry.00aa/manifest"), manifest(folder));
  writeFileSync(join(folder, "state/registry.00aa/owner"), "00aa container-registry/dev\n");
  return facts(shell, appliedFilesScript("registry", "registry.*"), join(folder, "state"));
}

function facts({ sh, path }: (typeof shells)[number], script: string, state: string) {
  return appliedFacts(execaSync(sh, ["-c", script], { env: { state, PATH: path }, extendEnv: false }).stdout);
}

describe.each(shells)("with $name", (shell) => {
  it("finds files that changed or are missing, and tells the text of those that are no secret", () => {
    const { files, applied } = findings(shell, { same: "a\n", open: "b2\n", secret: "c2\n" }, (folder) =>
      [
        ...["same", "open", "lost"].map((name) => `0644 ${folder}/${name}`),
        `0600 ${folder}/secret`,
        ...Object.entries({ same: "a\n", open: "b\n", secret: "c\n", lost: "d\n" }).map(
          ([name, text]) => `sum ${sum(text)} ${folder}/${name}`,
        ),
        `action reload ${folder}/same\n`,
      ].join("\n"),
    );
    expect(applied).toMatchObject({ owner: "00aa", isInterrupted: false });
    const [same, open, lost, secret] = files;
    expect(same?.now).toMatchObject({ sha256: same?.sha256, mode: "0644" });
    expect(same?.text).toBeUndefined();
    expect(open).toMatchObject({ text: "b2\n", now: { sha256: sum("b2\n") } });
    expect(lost?.now).toBe("missing");
    expect(secret).toMatchObject({ mode: "0600", now: { sha256: sum("c2\n") } });
    expect(secret?.text).toBeUndefined();
  });

  it("finds entries that files of others have lost, or have in a comment only", () => {
    const hosts = "127.0.0.1 localhost\n192.0.2.10 registry.example.org # label\n# 192.0.2.10 other.example.org\n";
    const daemon = '{ "insecure-registries": ["a:5000", "b:5000"] }\n';
    const { entries } = findings(shell, { hosts, daemon }, (folder) =>
      [
        `entry hosts ${folder}/hosts ${encoded("192.0.2.10 registry.example.org\n")} label`,
        `entry hosts ${folder}/hosts ${encoded("192.0.2.10 other.example.org\n")} label`,
        `entry daemon-json ${folder}/daemon ${encoded('{"insecure-registries":["a:5000"]}\n')} label`,
        `entry daemon-json ${folder}/daemon ${encoded('{"insecure-registries":["c:5000"]}\n')} label\n`,
      ].join("\n"),
    );
    expect(entries.map(({ isThere }) => isThere)).toEqual([true, false, true, false]);
  });

  it("finds entries by hand that are no longer as the apply found them", () => {
    const block = "  r:5000:\n\n    # a * [comment]\n    endpoint: []";
    const same = `mirrors:\r\n${block.replaceAll("\n", "\r\n")}\r\n`;
    const files = { same, moved: block.slice(1), other: block.replace("[]", "[x]"), daemon: '{"a":["r:5000"]}\n' };
    const { adopted, entries } = findings(shell, files, (folder) =>
      [
        ...["same", "moved", "other", "lost"].map(
          (name) => `adopted registries-yaml ${folder}/${name} ${encoded("mirrors:\n")} label ${encoded(`${block}\n`)}`,
        ),
        `adopted daemon-json ${folder}/daemon ${encoded('{"a":["r:5000"]}\n')} label ${encoded("x")}`,
        `adopted daemon-json ${folder}/daemon ${encoded('{"a":["s:5000"]}\n')} label ${encoded("x")}\n`,
      ].join("\n"),
    );
    expect(entries).toEqual([]);
    expect(adopted.map(({ isChanged }) => isChanged)).toEqual([false, true, true, true, false, true]);
  });

  it("says that nothing was applied where there is no manifest", () => {
    expect(facts(shell, appliedFilesScript("registry", "registry.*"), world()).applied).toBeUndefined();
    expect(facts(shell, appliedFilesScript("registry"), join(world(), "gone")).applied).toBeUndefined();
  });
});
