import { ensureUser } from "#infra/auth/ensure-user.ts";
import { systemClock } from "#infra/clock/clock.ts";
import type { Config } from "#infra/config/config.ts";
import { loadCourse } from "#infra/course-loader/load-course.ts";
import { createDb } from "#infra/db/connection/client.ts";
import { ensureInstallation } from "#infra/db/machines/installation.ts";
import { openFileStore } from "#infra/storage/open-file-store.ts";
import type { DemoAccount } from "./accounts.ts";

/** By which its machines are known. */
export async function installationOf(databaseUrl: string): Promise<string> {
  const db = createDb(databaseUrl);
  try {
    return await ensureInstallation(db, systemClock());
  } finally {
    await db.$disconnect();
  }
}

/** Loads the course's files and the demo's people into the database. Idempotent. */
export async function prepareCourse(options: {
  databaseUrl: string;
  config: Config;
  course: string;
  people: DemoAccount[];
}): Promise<void> {
  const { config } = options;
  const db = createDb(options.databaseUrl);
  try {
    const files = await openFileStore(config);
    await loadCourse({ db, files, contentDir: config.contentDir, slug: options.course, clock: systemClock });
    for (const person of options.people) {
      await ensureUser({
        db,
        ...person,
        enrollments: [{ course: options.course, role: person.role, section: person.section }],
      });
    }
  } finally {
    await db.$disconnect();
  }
}
