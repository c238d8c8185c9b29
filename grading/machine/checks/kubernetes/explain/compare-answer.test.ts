import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnswerForm, answerForms, compareAnswer } from "./compare-answer.ts";

const compare = (form: AnswerForm, given: string | string[] | undefined, ...values: string[]) =>
  compareAnswer(given, { form, values }).outcome;

describe("compareAnswer", () => {
  it("takes every right answer as it is, in every form", () => {
    const examples: Record<AnswerForm, string> = {
      text: "web-0",
      number: "3",
      boolean: "true",
      list: "node-1",
      kind: "ReplicaSet",
      quantity: "64Mi",
      phrase: "Insufficient cpu",
    };
    for (const form of answerForms) expect(compare(form, examples[form], examples[form])).toBe("right");
  });

  it("never takes a text for another text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{1,20}$/), fc.stringMatching(/^[a-z0-9-]{1,20}$/), (a, b) => {
        fc.pre(a !== b);
        expect(compare("text", a, b)).toBe("wrong");
      }),
    );
  });

  it.each([
    "deployment",
    "Deployments",
    "deploy",
    "a Deployment",
    "apps/v1 Deployment",
    "deployments.apps",
    '"Deployment"',
  ])("knows the kind in %s", (given) => {
    expect(compare("kind", given, "Deployment")).toBe("right");
  });

  it.each([
    ["ingresses", "Ingress"],
    ["networkpolicies", "NetworkPolicy"],
    ["StorageClasses", "StorageClass"],
    ["EndpointSlices", "EndpointSlice"],
    ["replica set", "ReplicaSet"],
  ])("knows %s for %s", (given, kind) => {
    expect(compare("kind", given, kind)).toBe("right");
  });

  it("tells a Deployment from a ReplicaSet", () => {
    expect(compare("kind", "rs", "Deployment")).toBe("wrong");
  });

  it("compares quantities by what they mean, and keeps milli and mega apart", () => {
    expect(compare("quantity", "0.25", "250m")).toBe("right");
    expect(compare("quantity", "1Gi", "1024Mi")).toBe("right");
    expect(compare("quantity", "64M", "64Mi")).toBe("wrong");
    expect(compare("quantity", "1m", "1M")).toBe("wrong");
    expect(compare("quantity", "plenty", "1Gi")).toBe("malformed");
  });

  it("compares lists without their order, as YAML lists or separated by commas", () => {
    expect(compare("list", ["node-2", "node-1"], "node-1", "node-2")).toBe("right");
    expect(compare("list", "node-2, node-1", "node-1", "node-2")).toBe("right");
    expect(compare("list", "node-1", "node-1", "node-2")).toBe("wrong");
    expect(compare("list", ["node-1", "node-2", "node-3"], "node-1", "node-2")).toBe("wrong");
  });

  it("finds a phrase inside the scheduler's whole sentence", () => {
    expect(compare("phrase", "0/2 nodes are available: 2 Insufficient cpu.", "insufficient cpu")).toBe(
      "right",
    );
    expect(compare("phrase", "insufficient memory", "insufficient cpu")).toBe("wrong");
  });

  it("takes no answer that names every reason there could be", () => {
    const right = { form: "phrase", values: ["Insufficient cpu"], never: ["Insufficient memory"] } as const;
    const judge = (given: string) =>
      compareAnswer(given, { ...right, values: [...right.values], never: [...right.never] }).outcome;
    expect(judge("2 Insufficient cpu")).toBe("right");
    expect(judge("insufficient cpu, insufficient memory")).toBe("wrong");
  });

  it("tells an answer that is missing or blank from a wrong one", () => {
    for (const given of [undefined, "", "  ", [], ['""']]) expect(compare("text", given, "a")).toBe("empty");
  });

  it("says when a number was wanted", () => {
    expect(compareAnswer("three", { form: "number", values: ["3"] })).toEqual({
      outcome: "malformed",
      wanted: "a number",
    });
    expect(compare("number", "03.0", "3")).toBe("right");
  });
});
