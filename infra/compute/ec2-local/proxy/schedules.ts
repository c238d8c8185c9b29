import { ApiFailure } from "./api-failure.ts";

/** A schedule as it was asked for, of its name in its group. */
interface Schedule {
  group: string;
  name: string;
  expression: string;
  timeZone: string;
  target: { arn: string; input: string };
  deleteAfter: boolean;
}

export interface FiredSchedule {
  name: string;
  instanceIds: string[];
  /** The code of what its target refused, or null. */
  failure: string | null;
}

const terminateTarget = /^arn:aws:scheduler:::aws-sdk:ec2:terminateInstances$/i;

/** moto keeps schedules and never fires one. These are the same schedules, with their times. */
export function createSchedules(act: {
  terminate(instanceIds: string[]): Promise<void>;
  /** Removes it from moto. */
  remove(group: string, name: string): Promise<void>;
}) {
  const kept = new Map<string, Schedule>();
  const keyOf = (group: string, name: string) => `${group}/${name}`;
  return {
    /** Throws ApiFailure for an expression that AWS would not take and moto does. */
    check(body: Record<string, unknown>): void {
      const expression = String(body.ScheduleExpression ?? "");
      const isTime = /^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/.test(expression) && timeOf(expression) !== null;
      if (isTime || /^(rate|cron)\(.+\)$/.test(expression)) return;
      throw new ApiFailure("ValidationException", `Invalid Schedule Expression ${expression}.`);
    },
    keep(name: string, body: Record<string, unknown>): void {
      const target = (body.Target ?? {}) as Record<string, unknown>;
      const group = String(body.GroupName ?? "default");
      kept.set(keyOf(group, name), {
        group,
        name,
        expression: String(body.ScheduleExpression),
        timeZone: String(body.ScheduleExpressionTimezone ?? "UTC"),
        target: { arn: String(target.Arn), input: String(target.Input ?? "{}") },
        deleteAfter: body.ActionAfterCompletion === "DELETE",
      });
    },
    forget: (group: string, name: string) => void kept.delete(keyOf(group, name)),
    /**
     * Fires what is due: one-time schedules in UTC whose target ends instances. Another one-time schedule that is due is
     * thrown, so that no test believes it was fired; those that recur are left alone.
     */
    async fire(now: Date): Promise<FiredSchedule[]> {
      const fired: FiredSchedule[] = [];
      for (const schedule of [...kept.values()]) {
        const time = timeOf(schedule.expression);
        if (time === null || time > now) continue;
        if (schedule.timeZone !== "UTC" || !terminateTarget.test(schedule.target.arn)) {
          throw new Error(`The schedule ${schedule.name} cannot be fired here: ${schedule.expression}`);
        }
        kept.delete(keyOf(schedule.group, schedule.name));
        fired.push(await fireOne(schedule));
      }
      return fired;
    },
    count: () => kept.size,
    clear: () => kept.clear(),
  };

  async function fireOne({ group, name, target, deleteAfter }: Schedule): Promise<FiredSchedule> {
    const { InstanceIds: instanceIds = [] } = JSON.parse(target.input) as { InstanceIds?: string[] };
    const failure = await act.terminate(instanceIds).then(
      () => null,
      (error: unknown) => {
        if (error instanceof ApiFailure) return error.code;
        throw error;
      },
    );
    if (deleteAfter) await act.remove(group, name);
    return { name, instanceIds, failure };
  }
}

/** The instant of `at(...)` in UTC, or null for another kind. */
function timeOf(expression: string): Date | null {
  const [, text] = /^at\((.+)\)$/.exec(expression) ?? [];
  const time = new Date(`${text}Z`);
  return text && !Number.isNaN(time.getTime()) ? time : null;
}
