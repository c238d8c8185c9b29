-- How large a refused upload was: those that had arrived whole are known, those whose reading had ended before are not.
ALTER TABLE "upload_refusal" ADD COLUMN "whole_bytes" BIGINT;
UPDATE "upload_refusal" SET "whole_bytes" = "bytes"
  WHERE "code" NOT IN ('too-large-packed', 'upload-cut-off', 'upload-too-slow', 'too-many-uploads',
    'person-storage-full', 'course-storage-full', 'not-released', 'deadline-passed', 'exercise-unreadable');
