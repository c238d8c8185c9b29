import { hash, type RuleCase, set } from "./rule-case.ts";

/** A survey that one person completed, before what the case tries. */
const asked = [
  "INSERT INTO survey (id, course_id, class_number, questions) SELECT 'srv_1', id, 1, '[]' FROM course LIMIT 1",
  "INSERT INTO survey_key (id, survey_id, section_id, public_key, sealing_key) SELECT 'svk_1', 'srv_1', id, 'p', 's' FROM section LIMIT 1",
  `INSERT INTO survey_completion SELECT 'srv_1', id, 'svk_1', '${"x".repeat(342)}', false FROM "user" ORDER BY id LIMIT 1`,
];
const after =
  (...statements: string[]) =>
  () => [...asked, ...statements];
const answer = (columns: string, values: string) =>
  `INSERT INTO survey_answer (key_id, question, ${columns}) VALUES ('svk_1', 'q', ${values})`;

export const surveyRuleCases: RuleCase[] = [
  ["survey_asked_stays", "another wording of what was asked", after(set("survey", "questions = '[1]'"))],
  [
    "survey_course_id_class_number_key",
    "two surveys of one class",
    after("INSERT INTO survey SELECT 'srv_2', course_id, class_number, '[]' FROM survey"),
  ],
  [
    "survey_key_survey_id_section_id_key",
    "two keys of one section",
    after("INSERT INTO survey_key SELECT 'svk_2', survey_id, section_id, 'p', 's' FROM survey_key"),
  ],
  ["survey_key_answers_not_negative", "less than no answers", after(set("survey_key", "answers = -1"))],
  ["survey_key_sealing_from_one", "a sealing key before the first", after(set("survey_key", "sealing = 0"))],
  [
    "survey_completion_pkey",
    "a survey completed twice",
    after("INSERT INTO survey_completion SELECT * FROM survey_completion"),
  ],
  [
    "survey_completion_stays",
    "another token for a completion",
    after(set("survey_completion", `blinded = '${"y".repeat(342)}'`)),
  ],
  [
    "survey_completion_blinded_whole",
    "a short blinded message",
    after(
      "INSERT INTO survey_completion SELECT 'srv_1', id, 'svk_1', 'x', false FROM \"user\" ORDER BY id DESC LIMIT 1",
    ),
  ],
  [
    "survey_token_hash_sha256",
    "a token's hash that is none",
    after("INSERT INTO survey_token VALUES ('svk_1', 'abc', NULL)"),
  ],
  [
    "survey_token_pkey",
    "a token that is used twice",
    after(`INSERT INTO survey_token SELECT 'svk_1', '${hash("a")}', NULL FROM generate_series(1, 2)`),
  ],
  [
    "survey_token_sealed_length",
    "sealed answers as long as their text",
    after(`INSERT INTO survey_token VALUES ('svk_1', '${hash("a")}', 'short')`),
  ],
  ["survey_answer_scale_or_text", "an answer of two kinds", after(answer("scale, text", "5, 'T'"))],
  ["survey_answer_scale_or_text", "an answer of none", after(answer("scale", "NULL"))],
  ["survey_answer_on_scale", "an answer off the scale", after(answer("scale", "11"))],
  ["survey_answer_text_bounded", "an empty text", after(answer("text", "''"))],
  ["survey_answer_text_bounded", "a text too long", after(answer("text", "repeat('x', 2001)"))],
  [
    "survey_feedback_question_given",
    "feedback without a question",
    after("INSERT INTO survey_feedback VALUES ('svf_1', 'srv_1', 1, '', '')"),
  ],
];
