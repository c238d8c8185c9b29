import { z } from "zod";

/**
 * Every kind of job, declared once. Payloads carry ids only: the row in Postgres is the truth, the job a hint.
 * Producer and worker both parse; workers/main.ts does not compile while a handler is missing.
 */
export const jobCatalogue = {
  /** Look at one queued run and start it when there is room. */
  "grade-run": {
    payload: z.strictObject({ runId: z.string().min(1) }),
    /** Two adds for one run are one job while it waits. */
    jobId: (payload: { runId: string }) => `grade-run-${payload.runId}`,
    attempts: 1,
    backoffMs: 0,
    keepCompleted: 0,
    keepFailed: 1000,
  },
} as const;

export type JobName = keyof typeof jobCatalogue;
export type JobPayload<Name extends JobName> = z.output<(typeof jobCatalogue)[Name]["payload"]>;
export type JobHandlers = { [Name in JobName]: (payload: JobPayload<Name>) => Promise<void> };

/** What producers need; infra/queue/bullmq.ts implements it on Postgres and on Redis. */
export interface JobQueue {
  add<Name extends JobName>(name: Name, payload: JobPayload<Name>): Promise<void>;
  close(): Promise<void>;
}

/** What workers need. */
export interface JobRunner {
  /** Resolves when jobs under way have ended. */
  close(): Promise<void>;
}
