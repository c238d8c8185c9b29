import { expect, test } from "vitest";
import { pickPerson } from "./pick-person.ts";

const people = [
  { userId: "usr_1", name: "Olga Other", email: "olga@example.edu" },
  { userId: "usr_2", name: "Kim Lee", email: "kim.lee@example.edu" },
  { userId: "usr_3", name: "Kim Lee", email: "kim.lee.2@example.edu" },
];
const pick = (typed: string) => pickPerson(typed, people);

test("a person is found by the list's own label, by address in any case, and by a name that only one has", () => {
  expect(pick("Kim Lee (kim.lee.2@example.edu)")).toEqual({ userId: "usr_3" });
  expect(pick(" KIM.LEE@example.edu ")).toEqual({ userId: "usr_2" });
  expect(pick("olga other")).toEqual({ userId: "usr_1" });
});

test("a name that several have, one that nobody has and none at all are told apart", () => {
  expect(pick("Kim Lee")).toEqual({ message: expect.stringContaining("2 people are called Kim Lee") });
  expect(pick("Zoe")).toEqual({ message: expect.stringContaining("Nobody in this course is called Zoe") });
  expect(pick(" ")).toEqual({ message: expect.stringContaining("Choose the student") });
});

test("part of an address or of a label is nobody", () => {
  expect(pick("kim.lee")).toHaveProperty("message");
  expect(pick("(olga@example.edu)")).toHaveProperty("message");
});
