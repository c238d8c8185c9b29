import type { DrillTimeline } from "#grading/protocol/messages.ts";

type Sample = DrillTimeline["samples"][number];

/**
 * What a drill sees that kills one of three pods and then moves to a new version, sampled five times a second for
 * 24 seconds: ready falls to 2 at 3.0 s and is back at 7.2 s, four requests fail meanwhile, and the update from 12 s
 * on keeps three ready with one pod more than asked for.
 */
export function drillExample(): DrillTimeline {
  const samples = Array.from({ length: 121 }, (_, index) => sampleAt(index * 200));
  return {
    durationMs: 24_000,
    samples,
    marks: [
      { atMs: 0, kind: "reached", text: "Deployment web has 3 of 3 pods ready" },
      { atMs: 2900, kind: "action", text: "Pod web-6d4cf56db6-x7k2p deleted" },
      { atMs: 3100, kind: "event", text: "ReplicaSet web-6d4cf56db6: Created pod: web-6d4cf56db6-9mwtz" },
      {
        atMs: 3300,
        kind: "event",
        text: "Pod web-6d4cf56db6-9mwtz: Successfully assigned student/web-6d4cf56db6-9mwtz to node-1",
      },
      { atMs: 4600, kind: "event", text: "Pod web-6d4cf56db6-9mwtz: Started container web" },
      {
        atMs: 5200,
        kind: "event",
        text: "Pod web-6d4cf56db6-9mwtz: Readiness probe failed: Get “http://10.244.1.9:8080/ready”: dial tcp 10.244.1.9:8080: connect: connection refused",
      },
      { atMs: 7200, kind: "reached", text: "3 of 3 pods ready again" },
      { atMs: 12_000, kind: "action", text: "Image of Deployment web set to shop-web:2.0" },
      { atMs: 12_200, kind: "event", text: "Deployment web: Scaled up replica set web-7f9c to 1" },
      { atMs: 20_400, kind: "reached", text: "All pods run shop-web:2.0" },
    ],
  };
}

function sampleAt(atMs: number): Sample {
  const down = atMs >= 3000 && atMs < 7200;
  const updating = atMs >= 12_200 && atMs < 20_400;
  return {
    atMs,
    desired: 3,
    pods: atMs >= 3000 && atMs < 3200 ? 2 : updating ? 4 : 3,
    ready: down ? 2 : 3,
    endpoints: down ? 2 : 3,
    answered: atMs === 0 ? 0 : 10,
    failed: atMs === 3000 ? 3 : atMs === 3200 ? 1 : 0,
  };
}
