import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { creditOf, defaultQuestions, readQuestions, storedQuestions } from "./questions.ts";
import { readAnswers } from "./read-answers.ts";
import { longestText } from "./scale.ts";
import {
  addHistograms,
  averageOf,
  compare,
  countOf,
  emptyHistogram,
  responseRates,
  shownTogether,
} from "./summarize.ts";
import { countsNow, fewest, firstOpenedAt, isOver, stateOf, takesAnswers, toWrite } from "./survey-times.ts";

const at = (text: string) => new Date(text);
const times = {
  opensAt: at("2024-11-20T01:40:00Z"),
  dueAt: at("2024-11-23T04:59:00Z"),
  closesAt: at("2024-12-19T08:00:00Z"),
};
const nextClass = at("2024-11-21T23:40:00Z");
const instant = fc.date({
  min: at("2024-11-01T00:00:00Z"),
  max: at("2025-02-01T00:00:00Z"),
  noInvalidDate: true,
});

/** Answers with this sum, each on the scale. */
function answersOf(count: number, sum: number): number[] {
  const histogram = emptyHistogram();
  const low = Math.floor(sum / count);
  histogram[low - 1] = count - (sum - low * count);
  histogram[low] = sum - low * count;
  return histogram;
}

describe("a survey", () => {
  it("opens as the class ends, counts through its minute, and is closed from its close on", () => {
    fc.assert(
      fc.property(instant, (now) => {
        const state = stateOf(times, now);
        expect(state === "to-come").toBe(now < times.opensAt);
        expect(state === "closed").toBe(now >= times.closesAt);
        // Whoever may begin may also send what they began; after the end nothing comes any more.
        if (state === "open") expect(takesAnswers(times, now)).toBe(true);
        expect(takesAnswers(times, now) && isOver(times, now)).toBe(false);
      }),
    );
    expect(countsNow(times, at("2024-11-23T04:59:59.999Z"))).toBe(true);
    expect(countsNow(times, at("2024-11-23T05:00:00Z"))).toBe(false);
  });

  it("opens its first answers half a day before the next class, or when it is due", () => {
    expect(firstOpenedAt(times, nextClass)).toEqual(at("2024-11-21T11:40:00Z"));
    expect(firstOpenedAt(times, at("2024-11-27T23:40:00Z"))).toEqual(times.dueAt);
    expect(firstOpenedAt(times, null)).toEqual(times.dueAt);
    expect(firstOpenedAt(times, at("2024-11-20T02:00:00Z"))).toEqual(times.opensAt);
  });

  it("never has fewer than five answers written together while another may follow", () => {
    const firstOpened = firstOpenedAt(times, nextClass);
    fc.assert(
      fc.property(instant, fc.nat(60), (now, waiting) => {
        const all = toWrite(waiting, { times, firstOpened }, now) === "all";
        if (all && takesAnswers(times, now)) expect(waiting).toBeGreaterThanOrEqual(fewest);
        if (isOver(times, now)) expect(all).toBe(waiting > 0);
        if (now < firstOpened) expect(all).toBe(false);
        if (now >= firstOpened && waiting >= fewest) expect(all).toBe(true);
      }),
    );
  });
});

describe("results", () => {
  it("are those of the seed course", () => {
    const rates = responseRates([
      { section: "TCSS 462", students: 42, completed: 25 },
      { section: "TCSS 562", students: 20, completed: 11 },
    ]);
    expect(rates.map(({ section, percent }) => [section, percent])).toEqual([
      ["TCSS 462", 59.5],
      ["TCSS 562", 55],
      ["All", 58.1],
    ]);
    expect(averageOf(answersOf(36, 229))).toBe(6.36);
    expect(averageOf(answersOf(36, 210))).toBe(5.83);
    expect(compare(6.36, 5.31)).toEqual({ average: 6.36, before: 5.31, moved: "up" });
    expect(compare(5.83, 5.1).moved).toBe("up");
    expect(compare(5, 5.1).moved).toBe("down");
    expect(compare(5, 5).moved).toBe("same");
    expect(compare(5, null).moved).toBeNull();
  });

  it("have an average within the scale, whatever the order and the parts", () => {
    const histogram = fc.array(fc.nat(40), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        const both = addHistograms([a, b]);
        expect(countOf(both)).toBe(countOf(a) + countOf(b));
        expect(addHistograms([b, a])).toEqual(both);
        const average = averageOf(both);
        if (countOf(both) === 0) expect(average).toBeNull();
        else {
          expect(average).toBeGreaterThanOrEqual(1);
          expect(average).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it("of fewer than five of a section are never shown, nor found as a difference", () => {
    const section = fc.record({ answers: fc.nat(60) });
    fc.assert(
      fc.property(fc.array(section, { maxLength: 5 }), (sections) => {
        const shown = shownTogether(sections);
        expect(shown.every(({ answers }) => answers >= fewest)).toBe(true);
        expect(sections.filter((one) => !shown.includes(one)).every(({ answers }) => answers < fewest)).toBe(
          true,
        );
      }),
    );
    expect(responseRates([{ section: "A", students: 0, completed: 0 }])).toEqual([
      { section: "A", students: 0, completed: 0, percent: null },
    ]);
  });
});

describe("answers", () => {
  it("are taken as given, an empty text left out", () => {
    const sent = { material: 7, pace: 5, questions: "  What is cached?\n" };
    expect(readAnswers(defaultQuestions, sent)).toEqual({
      outcome: "read",
      answers: [
        { question: "material", scale: 7 },
        { question: "pace", scale: 5 },
        { question: "questions", text: "What is cached?" },
      ],
    });
    expect(readAnswers(defaultQuestions, { material: 1, pace: 10, questions: " " })).toMatchObject({
      answers: [{ scale: 1 }, { scale: 10 }],
    });
  });

  it.each([
    ["no number", { pace: 5 }],
    ["a number off the scale", { material: 11, pace: 5 }],
    ["half a number", { material: 5.5, pace: 5 }],
    ["a number as text", { material: "5", pace: 5 }],
    ["another question", { material: 5, pace: 5, who: "me" }],
    ["a text that is none", { material: 5, pace: 5, questions: 7 }],
    ["a zero byte", { material: 5, pace: 5, questions: "a\0" }],
    ["a text too long", { material: 5, pace: 5, questions: "x".repeat(longestText + 1) }],
  ])("with %s are refused in one sentence", (_what, sent) => {
    expect(readAnswers(defaultQuestions, sent)).toMatchObject({
      outcome: "refused",
      message: expect.stringMatching(/^.{10,200}\.$/),
    });
  });

  it("of any shape are read or refused, never thrown at", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (sent) => {
        expect(["read", "refused"]).toContain(readAnswers(defaultQuestions, sent).outcome);
      }),
    );
  });
});

describe("questions", () => {
  it("are worth a point by default, half of it each scale", () => {
    expect(creditOf(defaultQuestions)).toBe(1);
    expect(storedQuestions.read(storedQuestions.write([...defaultQuestions]))).toMatchObject({
      outcome: "read",
    });
  });

  it("are refused in one sentence: none, two of a name, of another kind, too long, not understood", () => {
    const [scale, , text] = defaultQuestions;
    const wrong: unknown[] = [
      [],
      [text, text],
      [{ ...text, id: "pace" }],
      [{ ...text, text: "x".repeat(301) }],
      [{ ...scale, low: "" }],
      [{ ...scale, points: -1 }],
      Array.from({ length: 11 }, (_, index) => ({ ...text, id: `q${index}` })),
      "what",
    ];
    for (const written of wrong) {
      expect(readQuestions(written, defaultQuestions)).toMatchObject({
        outcome: "refused",
        message: expect.stringMatching(/^.{10,200}\.$/),
      });
    }
    expect(readQuestions([scale, text], defaultQuestions)).toMatchObject({ outcome: "read" });
  });
});
