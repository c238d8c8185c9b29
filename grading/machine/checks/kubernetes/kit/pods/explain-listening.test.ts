import { describe, expect, test } from "vitest";
import type { Trouble } from "../api/trouble.ts";
import { explainListening } from "./explain-listening.ts";

const trouble: Trouble = { cause: "probe", happened: "Its probe fails.", fix: "Correct the probe." };
const container = {
  name: "web",
  ports: [{ name: "http", containerPort: 8080 }],
  livenessProbe: { httpGet: { port: "http" } },
};
const pod = { spec: { containers: [container] } };
const at = (port: number, address = "0.0.0.0") => ({ port, address, loopback: address === "127.0.0.1" });

describe("a probe that fails", () => {
  test("because the program listens inside of the pod alone is told so", () => {
    const { happened, fix } = explainListening(trouble, pod, [at(8080, "127.0.0.1")]);
    expect(happened).toContain("port 8080 of 127.0.0.1 only");
    expect(fix).toContain("0.0.0.0");
  });

  test("because the program listens on another port is told which", () => {
    const { happened, fix } = explainListening(trouble, pod, [at(8000)]);
    expect(happened).toContain("The pod listens on port 8000, and not on port 8080.");
    expect(fix).toContain("Correct the probe.");
  });

  test("is told as it was when somebody listens there, or nobody anywhere", () => {
    for (const listening of [[at(8080)], [at(8080, "127.0.0.1"), at(8080)], []])
      expect(explainListening(trouble, pod, listening)).toEqual(trouble);
  });

  test("is told as it was when it asks no port", () => {
    const exec = { name: "web", readinessProbe: { exec: { command: ["true"] } } };
    expect(explainListening(trouble, { spec: { containers: [exec] } }, [at(1)])).toEqual(trouble);
  });
});
