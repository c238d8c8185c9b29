/** AWS's list for us-east-1, October 2026: a public address an hour, and a GiB of gp3 a month of 730 hours. */
const addressUsdPerHour = 0.005;
const gibUsdPerMonth = 0.08;

/** What exists beside an instance, USD an hour: its public address and its volume. */
export const besidesUsdPerHour = (volumeGiB: number): number =>
  addressUsdPerHour + (volumeGiB * gibUsdPerMonth) / 730;
