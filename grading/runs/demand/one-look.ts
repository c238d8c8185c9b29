import type { StartLimits } from "../ports.ts";

/**
 * The same limits, of which each question has one answer for as long as they are used: while the database is asked, prices
 * are heard and the clock goes on, and what was looked at by one answer must not be decided by another.
 */
export function oneLook<Limits extends StartLimits>(limits: Limits): Limits {
  const { leaseOf, usdPerHourOf, onDemand } = limits;
  return {
    ...limits,
    leaseOf: once(leaseOf, ({ timeoutSeconds, machineKind }) => `${timeoutSeconds} ${machineKind}`),
    ...(usdPerHourOf && { usdPerHourOf: once(usdPerHourOf, (kind, market) => `${market} ${kind}`) }),
    ...(onDemand && {
      onDemand: {
        ...onDemand,
        isNear: once(onDemand.isNear, ({ dueAt, queuedAt }) => `${dueAt?.getTime()} ${queuedAt.getTime()}`),
      },
    }),
  };
}

function once<Asked extends unknown[], Answer>(
  ask: (...asked: Asked) => Answer,
  keyOf: (...asked: Asked) => string,
): (...asked: Asked) => Answer {
  const answers = new Map<string, Answer>();
  return (...asked) => {
    const key = keyOf(...asked);
    if (!answers.has(key)) answers.set(key, ask(...asked));
    return answers.get(key) as Answer;
  };
}
