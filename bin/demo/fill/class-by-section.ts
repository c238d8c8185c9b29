/** Ids of students by the code of their section, in an order that stays. */
export type ClassBySection = ReadonlyMap<string, string[]>;
