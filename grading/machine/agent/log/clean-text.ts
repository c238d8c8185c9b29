/**
 * Text that a database and a page can hold: no NUL, no half of a surrogate pair, at most max UTF-16 units, with
 * a notice where it was cut.
 */
export function cleanText(text: string, max: number): string {
  const whole = text.replaceAll("\0", "\ufffd");
  if (whole.length <= max) return wellFormed(whole);
  const notice = ` [cut here: ${whole.length - max} more characters]`;
  return wellFormed(whole.slice(0, Math.max(0, max - notice.length))) + notice;
}

/** A lone surrogate has no UTF-8: encoding makes it U+FFFD. */
const wellFormed = (text: string) => Buffer.from(text, "utf8").toString("utf8");
