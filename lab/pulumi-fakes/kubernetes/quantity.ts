/** Powers of ten from milli on, and of 1024 from one on. */
const decimal = ["m", "", "k", "M", "G", "T", "P", "E"];
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/**
 * A quantity as the API server writes it, as in `1` for `1000m` and `1Gi` for `1024Mi`; invalid ones stay unchanged.
 *
 * @see k8s.io/apimachinery: api/resource.Quantity
 */
export function canonicalQuantity(text: string): string {
  const [, sign = "", digits = "", suffix = ""] = /^([+-]?)(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const scale = scaleOf(suffix);
  if (digits === "" || scale === undefined) return text;
  const milli = Math.ceil(Number(digits) * scale);
  if (!Number.isSafeInteger(milli)) return text;
  if (milli === 0) return "0";
  const isBinary = suffix.endsWith("i") && milli % 1000 === 0;
  return (sign === "-" ? "-" : "") + (isBinary ? shortest(milli / 1000, 1024, binary) : shortest(milli, 1000, decimal));
}

/** In thousandths. */
function scaleOf(suffix: string): number | undefined {
  if (decimal.includes(suffix)) return 1000 ** decimal.indexOf(suffix);
  return binary.includes(suffix) ? 1000 * 1024 ** binary.indexOf(suffix) : undefined;
}

function shortest(amount: number, base: number, suffixes: string[]): string {
  const [suffix = "", ...larger] = suffixes;
  return larger.length > 0 && amount % base === 0 ? shortest(amount / base, base, larger) : `${amount}${suffix}`;
}
