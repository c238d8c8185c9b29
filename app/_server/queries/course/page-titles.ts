/** "TCSS 462/562" of "TCSS 462/562: Software Engineering for Cloud Computing"; the whole title where it has no code. */
export function courseCode({ title }: { title: string }): string {
  const [code = title, ...rest] = title.split(":");
  return rest.length > 0 && code.trim().length > 0 && code.length <= 24 ? code.trim() : title;
}

/** What tells a page's tab from others: the thing itself first, then its course. The layout adds "Drydock". */
export function pageTitle(thing: string, course: { title: string }): string {
  return `${thing} · ${courseCode(course)}`;
}
