/** The forms in which a file of the build is kept, smallest first. */
export const encodings = ["br", "gzip"] as const;
export type Encoding = (typeof encodings)[number];

/**
 * The smallest form that the header Accept-Encoding allows; null: as it is. What is not named is not taken, unless by
 * "*", and a weight of 0 refuses.
 */
export function acceptedEncoding(header: string | undefined, kept: readonly Encoding[]): Encoding | null {
  const weights = new Map((header ?? "").split(",").map(weightOf));
  const any = weights.get("*") ?? 0;
  return encodings.find((name) => kept.includes(name) && (weights.get(name) ?? any) > 0) ?? null;
}

function weightOf(part: string): [name: string, weight: number] {
  const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
  const weight = parameters.find((text) => text.startsWith("q="));
  return [name, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}
