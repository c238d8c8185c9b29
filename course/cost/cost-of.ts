/** How a provider turns time into money. */
export interface BillingRule {
  /** Even a shorter life is billed as this many seconds; 0 when there is no minimum. */
  minimumSeconds: number;
}

/** A local machine: every second as it was. */
export const perSecond: BillingRule = { minimumSeconds: 0 };

/** A Linux instance on EC2: by the second, at least a minute. */
export const perSecondAfterMinute: BillingRule = { minimumSeconds: 60 };

/** Of a provider by its name. */
export const billingOf = (provider: string): BillingRule =>
  provider === "ec2" ? perSecondAfterMinute : perSecond;

/** What the database keeps: millionths of a dollar. */
const decimals = 1e6;

/**
 * USD for a machine that existed for `seconds` (a fraction counts as a whole second) at `usdPerHour`, rounded to a
 * millionth of a dollar. Time that ran backwards costs nothing; a price or time that is no number is a mistake of
 * the caller and throws RangeError.
 */
export function costOf(usdPerHour: number, seconds: number, rule: BillingRule): number {
  if (!Number.isFinite(usdPerHour) || usdPerHour < 0) throw new RangeError(`No price: ${usdPerHour}.`);
  if (!Number.isFinite(seconds)) throw new RangeError(`No time: ${seconds}.`);
  return Math.round((usdPerHour * billedSeconds(seconds, rule) * decimals) / 3600) / decimals;
}

/** Whole seconds that are billed. A machine that never existed (0 seconds) is not. */
export function billedSeconds(seconds: number, rule: BillingRule): number {
  if (seconds <= 0) return 0;
  return Math.max(Math.ceil(seconds), rule.minimumSeconds);
}
