/** A field that is not as it was written. */
export type ChangedField = { path: string; wanted: unknown; now: unknown };

/**
 * The fields of what was written that the cluster now has otherwise. Fields that nobody wrote are not compared: the API
 * server and controllers add many.
 */
export function changedFields(wanted: unknown, now: unknown, path: string): ChangedField[] {
  if (Array.isArray(wanted)) {
    if (wanted.length === 0 && isEmpty(now)) return [];
    if (!Array.isArray(now) || now.length !== wanted.length) return [{ path, wanted, now }];
    return wanted.flatMap((each, index) => changedFields(each, now[index], `${path}[${label(each) ?? index}]`));
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof now !== "object" || now === null) return isEmpty(wanted) ? [] : [{ path, wanted, now }];
    return Object.entries(wanted).flatMap(([key, each]) =>
      changedFields(each, (now as Record<string, unknown>)[key], `${path}.${key}`),
    );
  }
  return isSame(wanted, now) ? [] : [{ path, wanted, now }];
}

function label(item: unknown): string | undefined {
  const { name } = Object(item) as { name?: unknown };
  return typeof name === "string" ? name : undefined;
}

/** The API server leaves out what is empty, false or 0 in many fields. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return [undefined, null, "", false, 0].includes(value as undefined);
}

/** Some amounts have several spellings, as `1000m` and `1`, of which the API server chooses one. */
function isSame(wanted: unknown, now: unknown): boolean {
  if (isEmpty(wanted) && isEmpty(now)) return true;
  if (wanted === now || String(wanted) === String(now)) return true;
  const [one, other] = [amount(wanted), amount(now)];
  return one !== undefined && one === other;
}

const units: Record<string, number> = {
  ...{ "": 1, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12 },
  ...{ Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 },
};

function amount(value: unknown): number | undefined {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(value)) ?? [];
  const factor = units[unit];
  return digits === "" || factor === undefined ? undefined : Number(digits) * factor;
}
