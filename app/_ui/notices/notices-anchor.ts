/** The id of the panel with a course's notices, or with the platform's own (null). */
export function noticesAnchor(courseId: string | null): string {
  return `notices-${courseId ?? "drydock"}`;
}
