const most = 120;

/** A command as a sentence can hold it: its first line, cut when it is long; "" for none. */
export function commandInWords(command: readonly string[]): string {
  const text = command.join(" ").trim();
  const [first = ""] = text.split("\n");
  return first.length < text.length || first.length > most ? `${first.slice(0, most).trimEnd()} …` : first;
}
