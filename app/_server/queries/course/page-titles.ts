/** What tells a page's tab from others: the thing itself first, then its course. The layout adds "Drydock". */
export function pageTitle(thing: string, course: { code: string }): string {
  return `${thing} · ${course.code}`;
}
