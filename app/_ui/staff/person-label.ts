/** A person as a list offers them and as its field holds them: names alone are not unique. */
export function personLabel(person: { name: string; email: string }): string {
  return `${person.name} (${person.email})`;
}
