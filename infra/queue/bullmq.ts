import { openQueue, openWorker, type QueueAddresses } from "./backend.ts";
import { type JobHandlers, type JobName, type JobQueue, type JobRunner, jobCatalogue } from "./catalogue.ts";
import { limitQueue } from "./limit-queue.ts";

/** A failure of the queue itself, or of a handler (then with the job it happened in). */
export interface JobError {
  error: Error;
  job: { name: string; data: unknown } | null;
}

/**
 * The producer's side. `add` of a job that already waits or runs is no second job; one that has ended, well or
 * badly, may be added again. `add` throws when the queue cannot be reached or does not answer.
 */
export async function createJobQueue(
  addresses: QueueAddresses & { onError?: (failure: JobError) => void },
): Promise<JobQueue> {
  const { queue, close } = await openQueue(addresses, (error) => addresses.onError?.({ error, job: null }));
  return limitQueue({
    add: async (name, payload) => {
      const kind = jobCatalogue[name];
      await queue.add(name, kind.payload.parse(payload), {
        deduplication: { id: kind.jobId(payload) },
        attempts: kind.attempts,
        backoff: { type: "exponential", delay: kind.backoffMs },
        removeOnComplete: { count: kind.keepCompleted },
        removeOnFail: { count: kind.keepFailed },
      });
    },
    close,
  });
}

/** The worker's side: runs handlers, at most `concurrency` at once. A job whose worker died is run again. */
export async function startJobRunner(
  options: QueueAddresses & {
    handlers: JobHandlers;
    concurrency: number;
    onError: (failure: JobError) => void;
  },
): Promise<JobRunner> {
  const process = async (job: { name: string; data: unknown }) => {
    if (!isJobName(job.name)) throw new Error(`No job has the name ${job.name}.`);
    await options.handlers[job.name](jobCatalogue[job.name].payload.parse(job.data));
  };
  const { worker, close } = await openWorker(
    options,
    process,
    { concurrency: options.concurrency },
    (error) => options.onError({ error, job: null }),
  );
  worker.on("failed", (job, error) =>
    options.onError({ error, job: job === undefined ? null : { name: job.name, data: job.data } }),
  );
  return { close };
}

function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobCatalogue, name);
}
