import { createPostgresBackend, type Processor, Queue, Worker, type WorkerOptions } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { AppError } from "#course/errors.ts";
import { queueName } from "./queue-name.ts";

/** BullMQ's folder in Redis. */
const redisPrefix = "drydock";

export interface QueueAddresses {
  databaseUrl: string;
  /** null: jobs lie in the schema `bullmq` of the database. */
  redisUrl: string | null;
}

type Shape<T> = Omit<T, "connection" | "prefix">;

/** A producer's connection answers at once or fails at once: who waits for it is a student's upload. */
export async function openQueue(addresses: QueueAddresses, onError: (error: Error) => void) {
  if (addresses.redisUrl === null) {
    const connection = postgresConnection(addresses.databaseUrl);
    const queue = new Queue(queueName, { connection }, createPostgresBackend);
    queue.on("error", onError);
    await queue.waitUntilReady();
    return { queue, close: once(() => queue.close()) };
  }
  const redis = await connectRedis(addresses.redisUrl, { maxRetriesPerRequest: 1 }, onError);
  const queue = new Queue(queueName, { connection: redis, prefix: redisPrefix });
  queue.on("error", onError);
  await queue.waitUntilReady();
  return { queue, close: once(() => queue.close().then(() => quit(redis))) };
}

/** Starts to take jobs at once; resolves when it does. */
export async function openWorker(
  addresses: QueueAddresses,
  processor: Processor,
  options: Shape<WorkerOptions>,
  onError: (error: Error) => void,
) {
  if (addresses.redisUrl === null) {
    const connection = postgresConnection(addresses.databaseUrl);
    const worker = new Worker(queueName, processor, { ...options, connection }, createPostgresBackend);
    worker.on("error", onError);
    await worker.waitUntilReady();
    return { worker, close: once(() => worker.close()) };
  }
  // BullMQ waits for jobs with a command that blocks, so requests may take for ever.
  const redis = await connectRedis(addresses.redisUrl, { maxRetriesPerRequest: null }, onError);
  const worker = new Worker(queueName, processor, { ...options, connection: redis, prefix: redisPrefix });
  worker.on("error", onError);
  await worker.waitUntilReady();
  return { worker, close: once(() => worker.close().then(() => quit(redis))) };
}

/** Closing twice is closing once. */
function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= close();
    return closed;
  };
}

/** BullMQ leaves a connection that it was given to its owner. */
async function quit(redis: Redis) {
  await redis.quit();
}

/** Its tables are there: migrate() makes them. */
function postgresConnection(databaseUrl: string) {
  return { connectionString: databaseUrl, max: 3, migrate: false, application_name: "drydock-queue" };
}

async function connectRedis(url: string, options: RedisOptions, onError: (error: Error) => void) {
  const redis = new Redis(url, {
    ...options,
    lazyConnect: true,
    enableOfflineQueue: options.maxRetriesPerRequest === null,
  });
  redis.on("error", onError);
  try {
    await redis.connect();
  } catch (cause) {
    redis.disconnect();
    throw new AppError({
      code: "queue-unreachable",
      userMessage: `Redis at ${new URL(url).host} does not answer: start it, correct REDIS_URL, or unset it to keep the queue in PostgreSQL.`,
      retryable: true,
      cause,
    });
  }
  return redis;
}
