import { describe, expect, it } from "vitest";
import { judgeStart, judgeStop, type PodEvent } from "./judge-order.ts";

const names = ["web-0", "web-1", "web-2"];
const events = (text: string): PodEvent[] =>
  text.split(" ").map((each) => {
    const [type, at] = each.split(":");
    return { type: type as PodEvent["type"], pod: `web-${at}` };
  });

describe("judgeStart", () => {
  it("takes pods that wait for the one before", () => {
    const good = events("made:0 ready:0 made:1 ready:1 made:2 ready:2");
    expect(judgeStart("StatefulSet web", names, good).problem).toBeNull();
  });

  it("names the pod that did not wait", () => {
    const all = events("made:0 made:1 made:2 ready:1 ready:0 ready:2");
    expect(judgeStart("StatefulSet web", names, all).problem?.happened).toBe(
      "Pod web-1 was made before pod web-0 was ready. In order: web-0 made, web-1 made, web-2 made, web-1 ready, web-0 ready, web-2 ready.",
    );
  });
});

describe("judgeStop", () => {
  it("takes pods that end in reverse, each once the next is gone", () => {
    const good = events("ending:2 gone:2 ending:1 gone:1 ending:0 gone:0");
    expect(judgeStop("StatefulSet web", names, good).problem).toBeNull();
  });

  it("names the pod that ended too early", () => {
    const all = events("ending:2 ending:1 gone:1 gone:2 ending:0 gone:0");
    expect(judgeStop("StatefulSet web", names, all).problem?.happened).toContain(
      "Pod web-1 began to end before pod web-2 was gone.",
    );
  });
});
