import type { BundleEntry } from "../../../hosts/apply/bundle.ts";
import { applicant, type Outcome, ScratchHost } from "./scratch-host.ts";

type Wanted = {
  files?: Record<string, string>;
  entries?: BundleEntry[];
  failing?: string;
  entryLabel?: string;
  takeOver?: boolean;
};

/** What stacks do with a bundle that several of them may apply on one machine. */
export class SharedHost extends ScratchHost {
  applyBy(who: string | ReturnType<typeof applicant>, wanted: Wanted, name = "trust"): Promise<Outcome> {
    this.applicant = typeof who === "string" ? applicant(who) : who;
    const { files = {}, entries = [], failing, entryLabel = "trust-k3s-r", takeOver = false } = wanted;
    const bundle = this.bundle(files, failing);
    const variables = { ...bundle.variables, take_over_entries: String(takeOver) };
    return this.applyBundle({ ...bundle, variables, owners: "several", name, entryLabel, entries });
  }

  removeBy(who: string | ReturnType<typeof applicant>, name = "trust"): Promise<Outcome> {
    this.applicant = typeof who === "string" ? applicant(who) : who;
    return this.remove({ owners: "several", name, entryLabel: "trust-k3s-r" });
  }
}
