import { ensureUser } from "#infra/auth/ensure-user.ts";
import { systemClock } from "#infra/clock/clock.ts";
import type { Config } from "#infra/config/config.ts";
import { syncCourse } from "#infra/course-loader/sync-course.ts";
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

/** Brings a course's files and the people of the demo into the database. Idempotent. */
export async function prepareCourse(options: {
  databaseUrl: string;
  config: Config;
  course: { contentDir: string; slug: string };
  people: DemoAccount[];
}): Promise<void> {
  const { config } = options;
  const db = createDb(options.databaseUrl);
  try {
    const files = await openFileStore(config);
    await syncCourse({ db, files, ...options.course, clock: systemClock });
    for (const person of options.people) {
      await ensureUser({
        db,
        ...person,
        enrollments: [{ course: options.course.slug, role: person.role, section: person.section }],
      });
    }
  } finally {
    await db.$disconnect();
  }
}
