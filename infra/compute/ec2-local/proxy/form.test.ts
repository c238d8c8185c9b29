import fc from "fast-check";
import { expect, test } from "vitest";
import { type Form, matchesAny, printForm, readForm } from "./form.ts";

test("numbered names are lists in the order of their numbers", () => {
  const parameters = new URLSearchParams(
    "Action=RunInstances&Tag.10.Key=last&Tag.2.Key=second&Tag.1.Key=first&Tag.1.Value=1&__proto__.a=b",
  );
  expect(readForm(parameters)).toEqual({
    Action: "RunInstances",
    Tag: [{ Key: "first", Value: "1" }, { Key: "second" }, { Key: "last" }],
    ["__proto__"]: { a: "b" },
  });
  expect(Object.hasOwn(Object.prototype, "a")).toBe(false);
});

test("what is printed is read again, whatever the values hold", () => {
  const name = fc.stringMatching(/^[A-Z][a-z]{1,8}$/);
  const { form } = fc.letrec<{ form: Form; value: Form[string] }>((tie) => ({
    form: fc.dictionary(name, tie("value"), { minKeys: 1, maxKeys: 4 }) as fc.Arbitrary<Form>,
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.string(),
      fc.array(tie("value"), { minLength: 1, maxLength: 12 }),
      tie("form"),
    ) as fc.Arbitrary<Form[string]>,
  }));
  fc.assert(
    fc.property(form, (made) => {
      expect(readForm(new URLSearchParams(printForm(made).toString()))).toEqual({ ...made });
    }),
  );
});

test("a filter's value may have wildcards, and nothing else in it is special", () => {
  expect(matchesAny(["debian-13-*"], "debian-13-amd64")).toBe(true);
  expect(matchesAny(["a.c", "a?d"], "abd")).toBe(true);
  expect(matchesAny(["a.c", "a?"], "abc")).toBe(false);
});
