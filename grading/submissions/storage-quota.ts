import { dayMs } from "#course/clock.ts";
import type { StaffNotice } from "../notices/staff-notice.ts";
import { sizeInWords } from "./refusals/size-in-words.ts";
import { UploadRefusal } from "./refusals/upload-refusal.ts";

/** The most that is stored of submissions, in bytes. */
export interface StorageQuotas {
  /** Of one person in one course. */
  personBytes: number;
  courseBytes: number;
}

/** What is stored of submissions, in bytes. */
export interface StorageUse {
  /** Of this person in this course. */
  person: number;
  course: number;
}

/** What a form puts around its files, at most: its size is known before theirs. */
export const formBytes = 64 * 1024;

/** Throws UploadRefusal when an upload of this many bytes, or of more, has no room. */
export function refuseWithoutRoom(quotas: StorageQuotas, use: StorageUse, bytes: number): void {
  if (use.person + bytes > quotas.personBytes) {
    throw new UploadRefusal(
      "person-storage-full",
      `Of your submissions to this course ${used(use.person, quotas.personBytes)}, the most for one person, so this upload has no room; leave out build output and other large files, or ask the staff to have the limit raised.`,
    );
  }
  if (use.course + bytes > quotas.courseBytes) {
    throw new UploadRefusal(
      "course-storage-full",
      `Of all submissions to this course ${used(use.course, quotas.courseBytes)}, the most for a course, so this upload has no room; your staff see this and can have the limit raised, then upload again.`,
    );
  }
}

const used = (use: number, quota: number) => `${sizeInWords(use)} of ${sizeInWords(quota)} are stored`;

/** From here on staff are to make room. */
const nearly = 0.8;

/** While it is so, staff are told again after this time. */
export const remindMs = dayMs;

/** What staff are told of a course that stores so many bytes and has hardly any room left. */
export function noticeOfNearlyFull(quotas: StorageQuotas, courseId: string, bytes: number): StaffNotice {
  return {
    action: "storage.nearly_full",
    subject: `course:${courseId}`,
    reason: `Of all submissions to this course ${used(bytes, quotas.courseBytes)}, the most for a course.`,
  };
}

/** What staff are told when an upload was refused because its course has no room. */
export function noticeOfFull(quotas: StorageQuotas, courseId: string, use: StorageUse): StaffNotice {
  return {
    action: "storage.full",
    subject: `course:${courseId}`,
    reason: `An upload was refused: of all submissions to this course ${used(use.course, quotas.courseBytes)}, the most for a course.`,
  };
}

/** Whether there is so much room that staff need not be told, and what they were told is over. */
export function hasRoom(quotas: StorageQuotas, courseBytes: number): boolean {
  return courseBytes < quotas.courseBytes * nearly;
}
