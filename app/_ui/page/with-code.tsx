/** A sentence in which what stands between backticks is to be typed. */
export function WithCode({ text }: { text: string }) {
  // Every second part was between two backticks.
  const parts = text
    .split("`")
    .map((words, index) => ({ key: `${index} ${words}`, words, code: index % 2 === 1 }));
  return parts.map(({ key, words, code }) => (code ? <code key={key}>{words}</code> : words));
}
