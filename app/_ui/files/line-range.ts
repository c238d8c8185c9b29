export interface LineRange {
  from: number;
  to: number;
}

/** "#L10" or "#L10-L20" in an address, or "10-20" as somebody types it; null for all else. */
export function readLineRange(text: string): LineRange | null {
  const found = /^#?L?(\d{1,7})(?:-L?(\d{1,7}))?$/i.exec(text.trim());
  if (!found) return null;
  const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
  return first < 1 || last < 1 ? null : { from: Math.min(first, last), to: Math.max(first, last) };
}

/** For an address, without the sign before it. */
export const lineHash = ({ from, to }: LineRange) => (from === to ? `L${from}` : `L${from}-L${to}`);
