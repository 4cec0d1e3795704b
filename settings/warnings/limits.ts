/**
 * From when on somebody is told, in one place for previews, `status`, `doctor`, `notify` and, which a test compares with it,
 * examples/monitoring/alerts.yml. docs/health.md has the reasons.
 */
export const limits = {
  disk: {
    /** Shares of what the images may use: the bytes that are used and those that are free. */
    low: 0.1,
    full: 0.02,
    /** Shares of all inodes. */
    lowInodes: 0.05,
    fullInodes: 0.02,
    /** A disk that lasts less, as it grows now. */
    days: 14,
  },
  certificate: {
    days: 21,
    /** Of a certificate's life. It is the limit where it is less than the days. */
    life: 0.25,
    /** Of the stack's own CA, which every node has to learn anew. */
    caDays: 180,
  },
  accountDays: 14,
  /** A run is late after so many of its intervals, and so many hours more. */
  run: { intervals: 1.5, hours: 12 },
} as const;

const day = 86_400_000;

type Room = "enough" | "low" | "full";

/** Whether a disk has room for more bytes. What is reserved for root, or by a quota, is neither used nor free, as `df` has it. */
export function roomOn({ used, free }: { used: number; free: number }): { room: Room; freePercent: number } {
  const share = Math.max(0, free) / Math.max(1, used + Math.max(0, free));
  const room = share < limits.disk.full ? "full" : share < limits.disk.low ? "low" : "enough";
  return { room, freePercent: Math.floor(100 * share) };
}

/** The same for more files. A file system that has no fixed number of inodes has room. */
export function roomForFiles({ inodes, freeInodes }: { inodes?: number; freeInodes?: number }): Room {
  if (inodes === undefined || freeInodes === undefined) return "enough";
  if (freeInodes < inodes * limits.disk.fullInodes) return "full";
  return freeInodes < inodes * limits.disk.lowInodes ? "low" : "enough";
}

/** Whether a certificate should have been replaced by now. All in milliseconds since 1970. */
export function isRenewalLate({ from, to, now }: { from: number; to: number; now: number }): boolean {
  return to - now < Math.min(limits.certificate.days * day, limits.certificate.life * (to - from));
}

/** Whether a run that is done once in an interval should have been done again by now. Both in seconds. */
export function isRunLate(age: number, interval: number): boolean {
  return age > limits.run.intervals * interval + limits.run.hours * 3600;
}
