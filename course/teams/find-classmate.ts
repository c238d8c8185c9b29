/** Whom a typed text means among a course's people: an e-mail address, or a name that only one has. */
export function findClassmate(
  typed: string,
  people: readonly { userId: string; name: string; email: string }[],
): { userId: string } | { code: "nobody-found" | "several-found" } {
  const text = comparable(typed);
  const byAddress = people.find(({ email }) => comparable(email) === text);
  if (byAddress) return { userId: byAddress.userId };
  const [named, ...others] = people.filter(({ name }) => comparable(name) === text);
  if (named === undefined) return { code: "nobody-found" };
  return others.length > 0 ? { code: "several-found" } : { userId: named.userId };
}

/** One letter can be written in several ways, and spaces are not seen. */
const comparable = (text: string) => text.normalize("NFC").replaceAll(/\s+/gu, " ").trim().toLowerCase();
