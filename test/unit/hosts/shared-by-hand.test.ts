import { describe, expect, it } from "vitest";
import { applicant, type ScratchHost } from "./scratch-host.ts";
import { SharedHost } from "./shared-host.ts";
import { sparseShells } from "./shells.ts";

const byHand = "mirrors:\n  r:\n    endpoint: [https://r]\n";
const daemonByHand = '{"insecure-registries":["r:5000"]}';

const mirrors = (host: ScratchHost, url = "https://r") =>
  host.entry("registries-yaml", "registries.yaml", `mirrors:\n  r:\n    endpoint:\n      - "${url}"\n`);
const daemon = (host: ScratchHost) => host.entry("daemon-json", "daemon.json", '{"insecure-registries":["r:5000"]}\n');

describe.each(sparseShells)(
  "entries by hand under a bundle of several owners, by $name",
  { timeout: 60_000 },
  (shell) => {
    it("that say the same stay, whichever stack comes and goes", async () => {
      using host = new SharedHost(shell);
      host.write("registries.yaml", byHand);
      host.write("daemon.json", daemonByHand);
      const wanted = { entries: [mirrors(host), daemon(host)] };
      const adopted = [host.path("daemon.json"), host.path("registries.yaml")];
      for (const stack of ["a", "b", "a"])
        expect(JSON.parse((await host.applyBy(stack, wanted)).summary)).toEqual({ changed: [], removed: [], adopted });

      await host.removeBy("a");
      await host.removeBy("b");
      expect(host.read("registries.yaml")).toBe(byHand);
      expect(host.read("daemon.json")).toBe(daemonByHand);
    });

    it("that one stack took over come back with the last stack", async () => {
      using host = new SharedHost(shell);
      host.write("registries.yaml", byHand.replace("https://r", "http://old"));
      await host.applyBy("a", { entries: [mirrors(host)], takeOver: true });
      const taken = host.read("registries.yaml");
      expect(JSON.parse((await host.applyBy("b", { entries: [mirrors(host)] })).summary)).toEqual({
        changed: [],
        removed: [],
      });
      await host.removeBy("a");
      expect(host.read("registries.yaml")).toBe(taken);
      await host.removeBy("b");
      expect(host.read("registries.yaml")).toBe(byHand.replace("https://r", "http://old"));
    });

    it("that one stack adopted are not taken over by another that wants something else", async () => {
      using host = new SharedHost(shell);
      host.write("registries.yaml", byHand);
      await host.applyBy("a", { entries: [mirrors(host)] });
      const other = { entries: [mirrors(host, "https://other")], takeOver: true };
      const { status, words } = await host.applyBy("b", other);
      expect(status).toBe(1);
      expect(words).toContain("registries.yaml: the stack container-registry/a");
      expect(host.read("registries.yaml")).toBe(byHand);

      const heir = applicant("b", { takeOverFrom: ["a".repeat(16)] });
      expect((await host.applyBy(heir, other)).status).toBe(0);
      expect(host.read("registries.yaml")).toContain("https://other");
      await host.removeBy("a");
      expect(host.read("registries.yaml")).toContain("https://other");
      await host.removeBy(heir);
      expect(host.read("registries.yaml")).toBe(byHand);
    });

    it("become this stack's own once somebody deletes them, and somebody's again if they write the same", async () => {
      using host = new SharedHost(shell);
      host.write("registries.yaml", byHand);
      const wanted = { entries: [mirrors(host)] };
      await host.applyBy("a", wanted);
      host.write("registries.yaml", "mirrors: {}\n");
      expect(JSON.parse((await host.applyBy("a", wanted)).summary)).toEqual({
        changed: [host.path("registries.yaml")],
        removed: [],
      });
      host.write("registries.yaml", byHand);
      expect(JSON.parse((await host.applyBy("a", wanted)).summary)).toMatchObject({
        changed: [],
        adopted: [host.path("registries.yaml")],
      });
      await host.removeBy("a");
      expect(host.read("registries.yaml")).toBe(byHand);
    });
  },
);
