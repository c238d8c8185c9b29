import { isIPv6 } from "node:net";

/** Holds the caller's true address; written by the front door alone, which drops what callers send under it. */
export const addressHeader = "x-drydock-address";

/**
 * Whom an address stands for when tries are counted: an IPv4 address itself; of IPv6 the network (/64) of which one
 * computer has every address. Everybody without an address counts as one.
 */
export function addressPrefix(address: string | null | undefined): string {
  if (!address) return "unknown";
  if (!isIPv6(address)) return address;
  const [before = "", after] = address.split("::");
  const first = before === "" ? [] : before.split(":");
  const last = after ? after.split(":") : [];
  // "::" stands for as many zero groups as are missing to eight; an IPv4 tail stands for two.
  const missing = 8 - first.length - last.length - (address.includes(".") ? 1 : 0);
  const groups = after === undefined ? first : [...first, ...Array<string>(missing).fill("0"), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
