import { personLabel } from "../../_ui/staff/person-label.ts";

interface Person {
  userId: string;
  name: string;
  email: string;
}

/** Whom a typed text means: the label that the list offers, an e-mail address, or a name that only one has. */
export function pickPerson(
  typed: string,
  people: readonly Person[],
): { userId: string } | { message: string } {
  const text = typed.trim().toLowerCase();
  if (text === "") return { message: "Choose the student by name or e-mail address." };
  const exact = people.find(
    (one) => one.email.toLowerCase() === text || personLabel(one).toLowerCase() === text,
  );
  if (exact) return { userId: exact.userId };
  const [named, ...others] = people.filter((one) => one.name.toLowerCase() === text);
  if (!named) {
    return {
      message: `Nobody in this course is called ${typed.trim()}: choose from the list, or write the e-mail address.`,
    };
  }
  if (others.length > 0) {
    return { message: `${others.length + 1} people are called ${named.name}: write the e-mail address.` };
  }
  return { userId: named.userId };
}
