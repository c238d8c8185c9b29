import type { Clock } from "#course/clock.ts";
import { AppError } from "#course/errors.ts";
import type { Solve } from "#course/optimization/zero-one-model.ts";
import { createReceiptSigner, type ReceiptSigner } from "#course/receipts/receipt-signer.ts";
import type { FileStore, ListArchive } from "#grading/submissions/ports.ts";
import { createUploadsUnderWay, type UploadsUnderWay } from "#grading/submissions/uploads-under-way.ts";
import { createArchiveLister } from "#infra/archives/archive-lister.ts";
import { archiveThread } from "#infra/archives/archive-program.ts";
import { createHandedInFiles, type HandedInFiles } from "#infra/archives/handed-in-files.ts";
import { type Auth, createAuth } from "#infra/auth/auth.ts";
import { loadAuthSecret } from "#infra/auth/auth-secret.ts";
import { systemClock } from "#infra/clock/clock.ts";
import { codeThread } from "#infra/code/code-program.ts";
import { type CodeTools, createCodeTools } from "#infra/code/code-tools.ts";
import { type Config, loadConfig } from "#infra/config/config.ts";
import { createDb, type Db, webLimits } from "#infra/db/connection/client.ts";
import { listen } from "#infra/db/connection/notify.ts";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { createQueuePlaces, type QueuePlaces } from "#infra/db/runs/queue-places.ts";
import { createJobQueue } from "#infra/queue/bullmq.ts";
import type { JobQueue } from "#infra/queue/catalogue.ts";
import { createSolver, solverThread } from "#infra/solver/solver.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import { type ReceiptKeys, receiptKeys } from "#infra/storage/receipt-keys.ts";
import { type SurveyKeyFiles, surveyKeyFiles } from "#infra/surveys/key-files.ts";
import { createLogger, type Log } from "#infra/telemetry/logger.ts";
import { type CalendarAddresses, createCalendarAddresses } from "./calendar-address.ts";
import { createOpenStreams, type OpenStreams } from "./events/open-streams.ts";
import { createRunEventHub, type RunEventHub } from "./events/run-event-hub.ts";
import { requireFrontDoor } from "./front-door/front-door-stands.ts";
import { onStop } from "./on-stop.ts";

/** What entry points hand to use cases. Made once a process, at the first request. */
export interface Services {
  config: Config;
  clock: Clock;
  log: Log;
  db: Db;
  auth: Auth;
  files: FileStore;
  listArchive: ListArchive;
  /** What is in submissions, to be looked at. */
  handedIn: HandedInFiles;
  code: CodeTools;
  uploads: UploadsUnderWay;
  receiptSigner: ReceiptSigner;
  receiptKeys: ReceiptKeys;
  calendars: CalendarAddresses;
  /** Of plans and allocations. */
  solve: Solve;
  surveyKeys: SurveyKeyFiles;
  queue: JobQueue;
  runEvents: RunEventHub;
  eventStreams: OpenStreams;
  /** Where queued runs stand, for all who look. */
  queuePlaces: QueuePlaces;
}

// The development server loads this module anew at every change; its connections must not multiply.
const store = globalThis as typeof globalThis & { drydockServices?: Promise<Services> };

/** Nothing is opened when this module is imported, so that `next build` can. */
export function getServices(): Promise<Services> {
  store.drydockServices ??= createServices().catch((error: unknown) => {
    // A folder that was not writable at the first request may be at the next.
    store.drydockServices = undefined;
    throw error;
  });
  return store.drydockServices;
}

/** Opens no connection either: database, queue and listener connect when they are first used. */
async function createServices(): Promise<Services> {
  const config = loadConfig();
  requireFrontDoor(config);
  const { databaseUrl } = config;
  if (databaseUrl === null) {
    throw new AppError({
      code: "database-url-missing",
      userMessage: "The web server has no database: start it with `npm run demo`, or set DATABASE_URL.",
    });
  }
  const log = createLogger({ name: "web", level: config.logLevel });
  const db = createDb(databaseUrl, { limits: webLimits });
  const keys = receiptKeys(config.dataDir);
  // A data folder that cannot be written, or a damaged file, is known at the first request and not at the first upload.
  await keys.current();
  const clock = systemClock;
  const runEvents = createRunEventHub((onRun, onReconnect) =>
    listen(databaseUrl, "run_event", onRun, onReconnect),
  );
  // The server waits for open answers when it stops; a browser that follows a run would keep it for ever.
  onStop(runEvents.close);
  const files = await openFileStore(config);
  const secret = await loadAuthSecret(config);
  return {
    config,
    clock,
    log,
    db,
    auth: createAuth({
      db,
      config,
      secret,
      clock,
      onLog: (level, message) => log[level]({ part: "auth" }, message),
    }),
    files,
    listArchive: createArchiveLister(archiveThread(config.built)),
    handedIn: createHandedInFiles(files, archiveThread(config.built), (submissionId, err) =>
      log.error({ submissionId, err }, "A submission's files are not in the store."),
    ),
    code: createCodeTools(codeThread(config.built)),
    uploads: createUploadsUnderWay(),
    receiptSigner: createReceiptSigner(keys.current, async () => ({
      address: config.baseUrl,
      deployment: config.deployment,
      installation: await ensureInstallation(db, clock()),
    })),
    receiptKeys: keys,
    calendars: createCalendarAddresses(secret),
    solve: createSolver(solverThread(config.built)),
    surveyKeys: surveyKeyFiles(config.dataDir),
    queue: lazyQueue(() => createJobQueue({ databaseUrl, redisUrl: config.redisUrl })),
    runEvents,
    eventStreams: createOpenStreams(),
    queuePlaces: createQueuePlaces(db, { fleetMax: config.fleetMax, clock }),
  };
}

/** A submission must not fail because the queue is away: the first job opens it, and a failure is tried again. */
function lazyQueue(open: () => Promise<JobQueue>): JobQueue {
  let opened: Promise<JobQueue> | undefined;
  return {
    async add(name, payload) {
      opened ??= open();
      const queue = await opened.catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      await queue.add(name, payload);
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
