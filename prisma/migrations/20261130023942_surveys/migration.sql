-- CreateTable
CREATE TABLE "survey_plan" (
    "course_id" TEXT NOT NULL,
    "questions" JSONB NOT NULL,

    CONSTRAINT "survey_plan_pkey" PRIMARY KEY ("course_id")
);

-- CreateTable
CREATE TABLE "survey" (
    "id" TEXT NOT NULL,
    "course_id" TEXT NOT NULL,
    "class_number" INTEGER NOT NULL,
    "questions" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_key" (
    "id" TEXT NOT NULL,
    "survey_id" TEXT NOT NULL,
    "section_id" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "sealing_key" TEXT NOT NULL,
    "sealing" INTEGER NOT NULL DEFAULT 1,
    "answers" INTEGER NOT NULL DEFAULT 0,
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "survey_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_completion" (
    "survey_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "blinded" TEXT NOT NULL,
    "late" BOOLEAN NOT NULL,

    CONSTRAINT "survey_completion_pkey" PRIMARY KEY ("survey_id","user_id")
);

-- CreateTable
CREATE TABLE "survey_token" (
    "key_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed" BYTEA,

    CONSTRAINT "survey_token_pkey" PRIMARY KEY ("key_id","hash")
);

-- CreateTable
CREATE TABLE "survey_answer" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "key_id" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "scale" INTEGER,
    "text" TEXT,

    CONSTRAINT "survey_answer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_feedback" (
    "id" TEXT NOT NULL,
    "survey_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "question" TEXT NOT NULL,
    "answer" TEXT NOT NULL,

    CONSTRAINT "survey_feedback_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "survey_course_id_class_number_key" ON "survey"("course_id", "class_number");

-- CreateIndex
CREATE UNIQUE INDEX "survey_key_survey_id_section_id_key" ON "survey_key"("survey_id", "section_id");

-- CreateIndex
CREATE INDEX "survey_key_destroyed_at_idx" ON "survey_key"("destroyed_at");

-- CreateIndex
CREATE INDEX "survey_completion_key_id_idx" ON "survey_completion"("key_id");

-- CreateIndex
CREATE INDEX "survey_completion_user_id_idx" ON "survey_completion"("user_id");

-- CreateIndex
CREATE INDEX "survey_answer_key_id_idx" ON "survey_answer"("key_id");

-- CreateIndex
CREATE INDEX "survey_feedback_survey_id_idx" ON "survey_feedback"("survey_id");

-- AddForeignKey
ALTER TABLE "survey_plan" ADD CONSTRAINT "survey_plan_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey" ADD CONSTRAINT "survey_course_id_fkey" FOREIGN KEY ("course_id") REFERENCES "course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_key" ADD CONSTRAINT "survey_key_survey_id_fkey" FOREIGN KEY ("survey_id") REFERENCES "survey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_key" ADD CONSTRAINT "survey_key_section_id_fkey" FOREIGN KEY ("section_id") REFERENCES "section"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_completion" ADD CONSTRAINT "survey_completion_survey_id_fkey" FOREIGN KEY ("survey_id") REFERENCES "survey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_completion" ADD CONSTRAINT "survey_completion_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_completion" ADD CONSTRAINT "survey_completion_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "survey_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_token" ADD CONSTRAINT "survey_token_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "survey_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_answer" ADD CONSTRAINT "survey_answer_key_id_fkey" FOREIGN KEY ("key_id") REFERENCES "survey_key"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_feedback" ADD CONSTRAINT "survey_feedback_survey_id_fkey" FOREIGN KEY ("survey_id") REFERENCES "survey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "survey_key"
  ADD CONSTRAINT "survey_key_answers_not_negative" CHECK ("answers" >= 0),
  ADD CONSTRAINT "survey_key_sealing_from_one" CHECK ("sealing" >= 1);
ALTER TABLE "survey_completion" ADD CONSTRAINT "survey_completion_blinded_whole" CHECK (length("blinded") = 342);
-- Always as long, or its length would say whose it is.
ALTER TABLE "survey_token"
  ADD CONSTRAINT "survey_token_hash_sha256" CHECK ("hash" ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT "survey_token_sealed_length" CHECK (length("sealed") = 16432);
ALTER TABLE "survey_answer"
  ADD CONSTRAINT "survey_answer_scale_or_text" CHECK (("scale" IS NULL) <> ("text" IS NULL)),
  ADD CONSTRAINT "survey_answer_on_scale" CHECK ("scale" BETWEEN 1 AND 10),
  ADD CONSTRAINT "survey_answer_text_bounded" CHECK ("text" <> '' AND length("text") <= 2000);
ALTER TABLE "survey_feedback" ADD CONSTRAINT "survey_feedback_question_given" CHECK ("question" <> '');

-- Earlier results keep the wording that was asked.
CREATE FUNCTION "survey_asked_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'published_at') <> (to_jsonb(OLD) - 'published_at') THEN
    RAISE EXCEPTION 'The survey % was asked as it was; only its publication may change.', OLD."id"
      USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_asked_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "survey_asked_stays" BEFORE UPDATE ON "survey"
  FOR EACH ROW EXECUTE FUNCTION "survey_asked_stays"();

-- A second token for one completion would be a second voice.
CREATE FUNCTION "survey_completion_stays"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'A completion of the survey % stays as it was recorded.', OLD."survey_id"
    USING ERRCODE = 'check_violation', CONSTRAINT = 'survey_completion_stays';
END $$;
CREATE TRIGGER "survey_completion_stays" BEFORE UPDATE ON "survey_completion"
  FOR EACH ROW EXECUTE FUNCTION "survey_completion_stays"();
