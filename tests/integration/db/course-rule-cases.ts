import { copy, hash, type RuleCase, set } from "./rule-case.ts";
import { surveyRuleCases } from "./survey-rule-cases.ts";

/** A class that begins now. survey: until when it counts and is open. */
const classOf = (ends: string, survey: string) =>
  `INSERT INTO class_meeting (id, course_id, number, kind, title, place, objectives, starts_at, ends_at, survey_due_at, survey_closes_at)
   SELECT 'cls_1', id, 1, 'lecture', 'C', 'P', '[]', now(), ${ends}, ${survey} FROM course`;

/** The seeded students, by SQL. */
const students = ["ASC", "DESC"].map(
  (order) => `(SELECT user_id FROM enrollment WHERE role = 'student' ORDER BY user_id ${order} LIMIT 1)`,
) as [string, string];
/** The seeded assignment with two empty teams, a and b. */
const teamsOf = (most: number | null) => [
  ...(most === null ? [] : [set("assignment", `team_min = 1, team_max = ${most}`)]),
  ...["a", "b"].map((id) => `INSERT INTO team SELECT '${id}', id, now() FROM assignment`),
];
/** A talk of team a; over: what it says else of its columns. */
const talkOf = (over: Record<string, string> = {}) => {
  const columns = {
    ...{
      team_id: "'a'",
      assignment_id: "id",
      kind: "'paper'",
      title: "'T'",
      summary: "'S'",
      state: "'proposed'",
    },
    ...{ proposed_at: "now()", wishes: "'{}'", ...over },
  };
  return `INSERT INTO talk (${Object.keys(columns)}) SELECT ${Object.values(columns)} FROM assignment`;
};
const swapOf = (id: string, to: string) =>
  `INSERT INTO talk_swap (id, from_team_id, to_team_id, asked_by_id, created_at) VALUES ('${id}', 'a', '${to}', ${students[0]}, now())`;
const memberOf = (team: string, student: string) =>
  `INSERT INTO team_member SELECT '${team}', id, ${student}, now() FROM assignment`;
const invitationTo = (id: string, student: string = students[1]) =>
  `INSERT INTO team_invitation (id, team_id, user_id, invited_by_id, created_at) VALUES ('${id}', 'a', ${student}, ${students[0]}, now())`;

export const courseRuleCases: RuleCase[] = [
  ["storage_use_not_negative", "less than nothing stored", () => [set("storage_use", "bytes = -1")]],
  ["user_email_lower", "an address with capitals", () => [set("user", "email = 'Sam@example.edu'")]],
  ["course_slug_form", "a course's slug with a space", () => [set("course", "slug = 'a b'")]],
  ["course_time_zone_named", "a course without a zone", () => [set("course", "time_zone = ''")]],
  [
    "enrollment_student_has_section",
    "a student without a section",
    () => [set("enrollment", "section_id = NULL")],
  ],
  [
    "enrollment_section_of_course",
    "a section of another course",
    () => [
      "INSERT INTO course (id, slug, code, title, term, time_zone) VALUES ('crs_2', 'other', 'O', 'Other', 'Fall', 'UTC')",
      "INSERT INTO section VALUES ('sec_2', 'crs_2', 'X')",
      set("enrollment", "section_id = 'sec_2'"),
    ],
  ],
  [
    "enrollment_course_id_user_id_key",
    "a person enrolled twice",
    () => [copy("enrollment", { id: "'enr_2'" })],
  ],
  ["assignment_slug_form", "an assignment's slug with capitals", () => [set("assignment", "slug = 'T7'")]],
  ["assignment_points_not_negative", "negative points", () => [set("assignment", "points = -1")]],
  ["assignment_grace_not_negative", "negative grace", () => [set("assignment", "grace_seconds = -1")]],
  [
    "assignment_staff_grace_within_a_day",
    "a grace of more than a day set by staff",
    () => [set("assignment", "staff_grace_seconds = 86401")],
  ],
  [
    "assignment_released_before_due",
    "a release at the due date",
    () => [set("assignment", "released_at = due_at")],
  ],
  [
    "assignment_available_after_due",
    "an end before the due date",
    () => [set("assignment", "available_until = due_at - interval '1 second'")],
  ],
  [
    "assignment_available_after_due",
    "an end without a due date",
    () => [set("assignment", "available_until = now(), due_at = NULL")],
  ],
  [
    "assignment_late_policy_object",
    "a late policy that is a word",
    () => [set("assignment", `late_policy = '"none"'`)],
  ],
  [
    "edit_conflict_open",
    "two open conflicts about one field",
    () =>
      ["a", "b"].map(
        (id) =>
          `INSERT INTO edit_conflict (id, course_id, subject, label, field, found_at) SELECT '${id}', id, 's', 'S', 'due', now() FROM course`,
      ),
  ],
  [
    "site_removal_kind_known",
    "a removal of what staff do not remove",
    ({ taId }) => [
      `INSERT INTO site_removal (id, course_id, kind, slug, fields, removed_at, removed_by_id) SELECT 'asg_1', id, 'assignment', 's', '{}', now(), '${taId}' FROM course`,
    ],
  ],
  [
    "class_meeting_ends_after_start",
    "a class that ends as it begins",
    () => [classOf("now()", "NULL, NULL")],
  ],
  ["assignment_reviews_each_counted", "no review for each", () => [set("assignment", "reviews_each = 0")]],
  [
    "class_meeting_talks_whole",
    "talks without a number of places",
    () => [classOf("now() + interval '1 hour'", "NULL, NULL"), set("class_meeting", "talk_minutes = 5")],
  ],
  [
    "class_meeting_talks_within",
    "talks that end after their class",
    () => [
      classOf("now() + interval '1 hour'", "NULL, NULL"),
      set("class_meeting", "talks_start_at = starts_at, talk_places = 4, talk_minutes = 20"),
    ],
  ],
  [
    "class_meeting_objective_counted",
    "an objective before the first",
    () => [
      classOf("now() + interval '1 hour'", "NULL, NULL"),
      set("class_meeting", "current_objective = -1"),
    ],
  ],
  [
    "class_meeting_survey_whole",
    "a survey that counts until some time and is open without end",
    () => [classOf("now() + interval '1 hour'", "now(), NULL")],
  ],
  [
    "calendar_feed_course_id_user_id_key",
    "two calendars of a person and a course",
    () =>
      ["a", "b"].map(
        (id) =>
          `INSERT INTO calendar_feed SELECT 'cal_${id}', course_id, user_id, now() FROM enrollment LIMIT 1`,
      ),
  ],
  [
    "class_break_ends_after_start",
    "days without classes that end before they begin",
    () => ["INSERT INTO class_break SELECT id, '2024-11-29', '2024-11-28', 'B' FROM course"],
  ],
  [
    "assignment_team_sizes",
    "a team whose most is less than its least",
    () => [set("assignment", "team_min = 2, team_max = 1")],
  ],
  ["assignment_team_sizes", "a least without a most", () => [set("assignment", "team_min = 1")]],
  ["team_member_is_student", "staff in a team", ({ taId }) => [...teamsOf(2), memberOf("a", `'${taId}'`)]],
  [
    "team_member_has_place",
    "one more than a team may have",
    () => [...teamsOf(1), ...students.map((student) => memberOf("a", student))],
  ],
  [
    "team_member_has_place",
    "a team where everybody hands in alone",
    () => [...teamsOf(null), memberOf("a", students[0])],
  ],
  [
    "team_member_pkey",
    "a student in two teams of an assignment",
    () => [...teamsOf(2), memberOf("a", students[0]), memberOf("b", students[0])],
  ],
  ["talk_title_said", "a talk without a title", () => [...teamsOf(2), talkOf({ title: "''" })]],
  ["talk_place_whole", "a talk at a place of no day", () => [...teamsOf(2), talkOf({ position: "1" })]],
  [
    "talk_position_counted",
    "a talk before the first place",
    () => [
      ...teamsOf(2),
      classOf("now() + interval '1 hour'", "NULL, NULL"),
      talkOf({ class_id: "'cls_1'", position: "0" }),
    ],
  ],
  ["talk_swap_of_two", "a team that changes places with itself", () => [...teamsOf(2), swapOf("s", "a")]],
  ["talk_swap_open", "a team asked twice", () => [...teamsOf(2), swapOf("s", "b"), swapOf("t", "b")]],
  [
    "review_written_whole",
    "a review without the time at which it was written",
    () => [
      ...teamsOf(2),
      `INSERT INTO review (assignment_id, reviewer_id, team_id, form, answers) SELECT id, ${students[0]}, 'a', '[]', '{}' FROM assignment`,
    ],
  ],
  [
    "team_invitation_open",
    "somebody invited twice",
    () => [...teamsOf(2), invitationTo("i"), invitationTo("j")],
  ],
  [
    "team_invitation_of_another",
    "an invitation to oneself",
    () => [...teamsOf(2), invitationTo("i", students[0])],
  ],
  [
    "submission_by_member",
    "work of a team by somebody who is not in it",
    () => [...teamsOf(2), copy("submission", { id: "'s'", number: "2", team_id: "'a'" })],
  ],
  [
    "extension_for_student",
    "an extension for staff",
    ({ taId }) => [copy("extension", { id: "'ext_2'", user_id: `'${taId}'` })],
  ],
  [
    "extension_for_student",
    "an extension handed on to staff",
    ({ taId }) => [set("extension", `user_id = '${taId}'`)],
  ],
  [
    "extension_after_due",
    "an extension to the due date itself",
    () => [set("extension", "due_at = (SELECT due_at FROM assignment)")],
  ],
  [
    "extension_after_due",
    "an extension of what has no due date",
    () => [set("assignment", "due_at = NULL"), set("extension", "due_at = now()")],
  ],
  ["extension_has_reason", "an extension without a reason", () => [set("extension", "reason = ''")]],
  [
    "extension_assignment_id_user_id_key",
    "two extensions for one",
    () => [copy("extension", { id: "'ext_2'" })],
  ],
  ["exercise_slug_form", "an exercise's slug with a slash", () => [set("exercise", "slug = 'a/b'")]],
  ["exercise_collects", "formats of what is graded", () => [set("exercise", "collect_formats = '{zip}'")]],
  [
    "exercise_collects",
    "a format that nobody can look into",
    () => [set("exercise", "collect_megabytes = 1, collect_formats = '{rar}'")],
  ],
  [
    "exercise_version_of_graded",
    "a version of what is only collected",
    () => [
      set("exercise", "collect_megabytes = 1"),
      copy("exercise_version", { id: "'ver_2'", hash: `'${hash("b")}'`, current: "false" }),
    ],
  ],
  [
    "exercise_version_one_current",
    "two current versions of one exercise",
    () => [copy("exercise_version", { id: "'ver_2'", hash: `'${hash("b")}'` })],
  ],
  [
    "exercise_version_hash_sha256",
    "a version's hash that is none",
    () => [copy("exercise_version", { id: "'ver_2'", hash: "'abc'", current: "false" })],
  ],
  [
    "exercise_version_spec_object",
    "a spec that is a list",
    () => [
      copy("exercise_version", {
        id: "'ver_2'",
        hash: `'${hash("b")}'`,
        current: "false",
        spec: "'[]'::jsonb",
      }),
    ],
  ],
  ["exercise_version_immutable", "a changed spec", () => [set("exercise_version", "spec = '{}'")]],
  ["exercise_version_immutable", "a changed hash", () => [set("exercise_version", `hash = '${hash("c")}'`)]],
  [
    "submission_immutable",
    "a changed hash of a submission",
    () => [set("submission", `sha256 = '${hash("b")}'`)],
  ],
  [
    "submission_immutable",
    "a changed time of a submission",
    () => [set("submission", "received_at = now()")],
  ],
  [
    "submission_immutable",
    "a submission given to another",
    ({ taId }) => [set("submission", `user_id = '${taId}'`)],
  ],
  [
    "submission_number_from_one",
    "the submission number 0",
    () => [copy("submission", { id: "'s'", number: "0" })],
  ],
  [
    "submission_exercise_id_user_id_number_key",
    "two submissions with one number",
    () => [copy("submission", { id: "'s'" })],
  ],
  [
    "submission_user_id_idempotency_key_key",
    "two submissions with one key",
    () => [
      copy("submission", { id: "'s'", number: "2", idempotency_key: "'k'" }),
      copy("submission", { id: "'t'", number: "3", idempotency_key: "'k'" }),
    ],
  ],
  [
    "submission_idempotency_key_given",
    "an empty key",
    () => [copy("submission", { id: "'s'", number: "2", idempotency_key: "''" })],
  ],
  [
    "submission_bytes_not_negative",
    "negative bytes",
    () => [copy("submission", { id: "'s'", number: "2", bytes: "-1" })],
  ],
  [
    "submission_sha256_form",
    "a hash in capitals",
    () => [copy("submission", { id: "'s'", number: "2", sha256: `'${hash("A")}'` })],
  ],
  [
    "submission_files_array",
    "a list of files that is none",
    () => [copy("submission", { id: "'s'", number: "2", files: "'{}'::jsonb" })],
  ],
  [
    "submission_late_after_due",
    "late without a due date",
    () => [copy("submission", { id: "'s'", number: "2", late: "true" })],
  ],
  [
    "submission_late_after_due",
    "late before the due date",
    () => [copy("submission", { id: "'s'", number: "2", late: "true", due_at: "'2030-01-01T00:00:00Z'" })],
  ],
  [
    "upload_refusal_bytes_not_negative",
    "a refusal of negative bytes",
    () => [set("upload_refusal", "bytes = -1")],
  ],
  ["upload_refusal_explained", "a refusal without a sentence", () => [set("upload_refusal", "message = ''")]],
  ...surveyRuleCases,
];
