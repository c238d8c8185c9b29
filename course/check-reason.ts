/** Characters; an audit is read, so it holds sentences and no letters. */
const longest = 500;

/** A staff change says why. Gives the reason without space around it, or what is wrong with it. */
export function checkReason(text: string): { reason: string } | { message: string } {
  const reason = text.trim();
  if (reason === "") return { message: "Say why: the reason is kept in the audit, where staff see it." };
  if (reason.length > longest) {
    return { message: `The reason has ${reason.length} characters: shorten it to ${longest}.` };
  }
  return { reason };
}
