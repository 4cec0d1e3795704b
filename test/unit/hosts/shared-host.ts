import type { BundleEntry } from "../../../hosts/apply/bundle.ts";
import { applicant, type Outcome, ScratchHost } from "./scratch-host.ts";

type Wanted = { files?: Record<string, string>; entries?: BundleEntry[]; failing?: string; entryLabel?: string };

/** What stacks do with a bundle that several of them may apply on one machine. */
export class SharedHost extends ScratchHost {
  applyBy(who: string | ReturnType<typeof applicant>, wanted: Wanted, name = "trust"): Promise<Outcome> {
    this.applicant = typeof who === "string" ? applicant(who) : who;
    const { files = {}, entries = [], failing, entryLabel = "trust-k3s-r" } = wanted;
    return this.applyBundle({ ...this.bundle(files, failing), owners: "several", name, entryLabel, entries });
  }

  removeBy(who: string | ReturnType<typeof applicant>, name = "trust"): Promise<Outcome> {
    this.applicant = typeof who === "string" ? applicant(who) : who;
    return this.remove({ owners: "several", name, entryLabel: "trust-k3s-r" });
  }
}
