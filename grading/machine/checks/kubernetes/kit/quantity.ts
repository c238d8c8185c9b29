const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** A quantity as Kubernetes writes it (250m, 64Mi, 0.5) as a number of CPUs or bytes; null when it is none. */
export function parseQuantity(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(n|u|m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text);
  const factor = factors[match?.[2] ?? ""];
  if (!match || factor === undefined) return null;
  // Nine digits behind the point are the finest that Kubernetes knows; binary fractions end there.
  return Number((Number(match[1]) * factor).toFixed(9));
}
