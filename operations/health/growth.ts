/** How full a disk was at a time. */
export type DiskRecord = { at: Date; used: number };

export type Growth = {
  /** Bytes, by a least-squares line through the records of the last 30 days. */
  perDay: number;
  /** Undefined where the disk does not grow. */
  daysUntilFull?: number;
};

const day = 86_400_000;

/** How the disk grows; undefined until records are two days apart. */
export function growthOf(records: readonly DiskRecord[], free: number): Growth | undefined {
  const newest = Math.max(...records.map(({ at }) => at.getTime()));
  const points = records
    .map(({ at, used }) => ({ days: (at.getTime() - newest) / day, used }))
    .filter(({ days }) => days >= -30);
  const oldest = Math.min(...points.map(({ days }) => days));
  if (points.length === 0 || oldest > -2) return undefined;
  const [meanDays, meanUsed] = [mean(points.map(({ days }) => days)), mean(points.map(({ used }) => used))];
  const covariance = mean(points.map(({ days, used }) => (days - meanDays) * (used - meanUsed)));
  const variance = mean(points.map(({ days }) => (days - meanDays) ** 2));
  const perDay = Math.round(covariance / variance);
  return { perDay, ...(perDay > 0 && { daysUntilFull: Math.max(0, Math.floor(free / perDay)) }) };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
