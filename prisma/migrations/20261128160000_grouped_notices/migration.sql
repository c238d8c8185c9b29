-- Runs that could not be graded are one notice of their exercise; the open ones of single runs become that.
INSERT INTO "notice" ("id", "code", "subject", "course_id", "reason", "count", "first_seen", "last_seen")
SELECT max(n."id") || '_all', n."code", 'exercise:' || s."exercise_id", max(n."course_id"),
  (array_agg(n."reason" ORDER BY n."last_seen" DESC))[1], sum(n."count"), min(n."first_seen"), max(n."last_seen")
FROM "notice" n
  JOIN "run" r ON n."subject" = 'run:' || r."id"
  JOIN "submission" s ON s."id" = r."submission_id"
WHERE n."code" = 'run.not_gradable' AND n."closed_at" IS NULL
GROUP BY n."code", s."exercise_id";

DELETE FROM "notice" WHERE "code" = 'run.not_gradable' AND "subject" LIKE 'run:%' AND "closed_at" IS NULL;
