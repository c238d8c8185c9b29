/** A text without the same character again and again at its end; text.replace(/-+$/, "") would look at runs inside again and again. */
export function withoutTrailing(text: string, character: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
