/** Millionths of a US dollar, whole: sums of them are exact, whatever their order. */
export type Micros = number;

/** RangeError for what is no amount of money. */
export function microsOf(usd: number): Micros {
  const micros = Math.round(usd * 1e6);
  if (!Number.isSafeInteger(micros)) throw new RangeError(`No amount: ${usd}.`);
  return micros;
}

export const usdOf = (micros: Micros): number => micros / 1e6;
