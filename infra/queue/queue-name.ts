/** One queue holds every kind of job; BullMQ's own name for it. */
export const queueName = "jobs";
