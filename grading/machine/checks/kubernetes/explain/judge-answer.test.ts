import { describe, expect, it } from "vitest";
import { statedAnswer } from "./compute-fact.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { type Question, questionList, questionSettings } from "./question-settings.ts";
import { readField, rightAnswer } from "./read-field.ts";

const question = (given: object): Question =>
  questionSettings.parse({ id: "owner", ask: "What made the pods?", ...given });
const judge = (asked: Question, values: string[], given: string | string[] | undefined) =>
  judgeAnswer(asked, { outcome: "known", right: { form: "text", values } }, given, "explain.yaml").problem;

describe("judgeAnswer", () => {
  const stated = question({ fact: "stated", is: "replicaset", hint: "Try kubectl get rs." });

  it("quotes a wrong answer and never says the right one", () => {
    const problem = judge(stated, ["replicaset"], "deployment");
    expect(problem).toEqual({
      happened: "Question owner is answered with “deployment”, which is not so.",
      fix: "Question owner: Try kubectl get rs.",
    });
    expect(JSON.stringify(problem)).not.toContain("replicaset");
  });

  it("tells a question without an answer from one that is answered wrong", () => {
    expect(judge(stated, ["replicaset"], undefined)?.happened).toBe(
      "Question owner has no answer in explain.yaml.",
    );
    expect(judge(stated, ["replicaset"], "ReplicaSet")).toBeNull();
  });

  it("names the options when a choice is none of them", () => {
    const choice = question({ fact: "choice", options: { a: "a ReplicaSet", b: "the kubelet" }, is: "a" });
    expect(judge(choice, ["a"], "c")?.happened).toBe(
      "Question owner is answered with “c”, which is none of a, b.",
    );
    expect(judge(choice, ["a"], "A")).toBeNull();
    expect(judge(choice, ["a"], "b")?.happened).toContain("is not so");
  });

  it("says what is missing in the cluster when nothing can be asked", () => {
    const fact = { outcome: "missing", happened: "There is no Deployment web.", fix: "Hand it in." } as const;
    expect(judgeAnswer(stated, fact, "x", "explain.yaml").problem).toEqual({
      happened: "Question owner: There is no Deployment web.",
      fix: "Hand it in.",
    });
  });
});

describe("questions", () => {
  it("have names of their own and a right option", () => {
    const one = { id: "a", ask: "?", fact: "stated", is: 1 };
    expect(questionList.safeParse([one]).success).toBe(true);
    expect(questionList.safeParse([one, one]).success).toBe(false);
    expect(
      questionList.safeParse([{ id: "a", ask: "?", fact: "choice", options: { a: "" }, is: "b" }]).success,
    ).toBe(false);
  });

  it("take no paths with filters or scripts", () => {
    const field = { id: "a", ask: "?", fact: "field", kind: "Service" };
    expect(questionSettings.safeParse({ ...field, path: "$.spec.clusterIP" }).success).toBe(true);
    expect(questionSettings.safeParse({ ...field, path: "$..[?(@.constructor)]" }).success).toBe(false);
    expect(questionSettings.safeParse({ ...field, path: "$.x[(1+1)]" }).success).toBe(false);
  });

  it("compare a stated answer by its type, and a list whole", () => {
    const right = (is: unknown) => statedAnswer(question({ fact: "stated", is }) as never);
    expect(right(3)).toEqual({ form: "number", values: ["3"] });
    expect(right(["a", "b"])).toEqual({ form: "list", values: ["a", "b"] });
    expect(right(true)).toEqual({ form: "boolean", values: ["true"] });
  });
});

describe("readField", () => {
  const service = {
    spec: { clusterIP: "10.96.0.7", ports: [{ port: 80 }, { port: 443 }], selector: {} },
    metadata: { labels: { "app.kubernetes.io/name": "web" } },
  };

  it("finds scalars in JSONPath, in kubectl's form too", () => {
    expect(readField(service, "$.spec.clusterIP")).toEqual(["10.96.0.7"]);
    expect(readField(service, "{.spec.clusterIP}")).toEqual(["10.96.0.7"]);
    expect(readField(service, "spec.ports[*].port")).toEqual([80, 443]);
    expect(readField(service, "$.metadata.labels['app.kubernetes.io/name']")).toEqual(["web"]);
    expect(readField(service, "$.spec.selector")).toEqual([]);
  });

  it("makes one value an answer of its type, several a list, nothing the word none", () => {
    expect(rightAnswer([80])).toEqual({ form: "number", values: ["80"] });
    expect(rightAnswer([80, 443])).toEqual({ form: "list", values: ["80", "443"] });
    expect(rightAnswer(["a", "a"])).toEqual({ form: "text", values: ["a"] });
    expect(rightAnswer([]).values).toContain("none");
  });
});
