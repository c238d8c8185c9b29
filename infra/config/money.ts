import { z } from "zod";
import type { Caps } from "#course/cost/budget.ts";
import { microsOf } from "#course/cost/micros.ts";
import { variable } from "./variable.ts";

/** As much as nobody spends by mistake; what is more is set on purpose. */
const mostUsd = 1_000_000;

function dollars(example: string) {
  const schema = z.union([z.literal("none"), z.coerce.number().min(0).max(mostUsd)]).optional();
  return variable(schema, `US dollars from 0 to ${mostUsd}, or none`, example);
}

export const moneyVariables = {
  /** Of all machines in one UTC day, those that wait in the pool too. */
  DRYDOCK_DAY_USD: dollars("10"),
  /** Of the machines of one course, as long as it exists. */
  DRYDOCK_COURSE_USD: dollars("100"),
  /** Of the runs of one student in one UTC day. */
  DRYDOCK_STUDENT_DAY_USD: dollars("2"),
};

/** Where machines cost real money, nobody has to think of a limit to have one. */
const onEc2 = { day: 10, course: 100, student: 2 };

export function readCaps(
  v: z.output<z.ZodObject<typeof moneyVariables>> & { DRYDOCK_PROVIDER: "docker" | "ec2" },
): Caps {
  const cap = (set: number | "none" | undefined, otherwise: number) => {
    const usd = set ?? (v.DRYDOCK_PROVIDER === "ec2" ? otherwise : "none");
    return usd === "none" ? null : microsOf(usd);
  };
  return {
    dayMicros: cap(v.DRYDOCK_DAY_USD, onEc2.day),
    courseMicros: cap(v.DRYDOCK_COURSE_USD, onEc2.course),
    studentDayMicros: cap(v.DRYDOCK_STUDENT_DAY_USD, onEc2.student),
  };
}
