import fc from "fast-check";
import { expect, test } from "vitest";
import { facilityCatalogue } from "../machine/facilities/catalogue.ts";
import { runFault } from "../protocol/messages.ts";
import { faultInWords } from "./fault-in-words.ts";

const fault = (code: string) => ({ code, check: null, triedAgain: false, detail: "secret" });
const told = (code: string) => faultInWords("platform_fault", fault(code), { checks: [] }).reason;

test("a facility that did not start is told by its title, and what nobody knows in general words", () => {
  expect(told("engine")).toBe("The machine's Docker engine did not start.");
  expect(told("kubernetes")).toBe("The machine's Kubernetes did not start.");
  expect(told("quantum")).toBe("The program in the machine failed.");
  for (const { name } of facilityCatalogue) expect(runFault.safeParse(fault(name)).success).toBe(true);
});

test("is a sentence of Drydock's own, whatever code a machine sends", () => {
  const names = fc.constantFrom("constructor", "__proto__", "to-string", "valueof", "hasownproperty");
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/);
  fc.assert(
    fc.property(fc.oneof(names, word), (code) => {
      const words = faultInWords("platform_fault", fault(code), { checks: [] });
      expect(words.reason).toMatch(/^The [^{}]+\.$/);
      expect(words.staffReason).toBe(words.reason);
    }),
  );
});
