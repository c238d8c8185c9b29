import { sizeInWords } from "./refusals/size-in-words.ts";
import { UploadRefusal } from "./refusals/upload-refusal.ts";
import type { StorageUse } from "./storage-quota.ts";

/** Of one person, until they are answered: their archives are read one after the other. */
const mostPerPerson = 2;
/** With one that repeats those, where they have arrived whole and could still fail. */
const mostWithRepeat = mostPerPerson + 1;
/** Of one person with a key of one that is under way; they are answered as it was. */
const mostRepeats = 20;
/** Of one person whose first file has not begun: those, and two that may repeat them, as a form says its key late. */
const mostUnopened = mostPerPerson + 2;
/** Of one person from the request to its answer. */
const mostRequests = mostPerPerson + mostRepeats + 2;
/** In which one that still arrives may end by itself before a newer one with its key gives it up. */
const momentMs = 500;
/** What all together may still bring onto the disk. */
const mostBytes = 8 * 1024 ** 3;

export interface UploadUnderWay {
  userId: string;
  /** Whatever names the course. */
  course: string;
  idempotencyKey: string | null;
  /** The most that it may bring, in bytes. */
  reservedBytes: number;
  /** Ends its reading where it is not whole yet. */
  giveUp?: () => void;
}

export interface UploadPlace {
  /** Whether others with the same key were waited for: they may have made its submission. */
  waited: boolean;
  /** So many bytes have arrived. */
  arrived(bytes: number): void;
  /** All of it has arrived: there is nothing left to give up. */
  arrivedWhole(): void;
  /**
   * What other uploads under way brought so far, of the same person and of all in the course; without those that this
   * one repeats, for only one of them is kept.
   */
  others(): StorageUse;
  leave(): void;
}

export interface UploadBegun {
  /** Its first file has begun, or never will. */
  opened(): void;
  /** It is answered. */
  leave(): void;
}

/** Counts the uploads that this process takes at the moment. */
export interface UploadsUnderWay {
  /**
   * Counts a request of a person, before anything of its body is waited for. Throws UploadRefusal where there are too
   * many.
   */
  begin(userId: string): UploadBegun;
  /**
   * Throws UploadRefusal where there is no place. One with the key of another that still arrives waits a moment for
   * that one, and then gives it up, since its sender has begun anew; where those arrived whole it has a place beside them, as
   * their archives may wait for minutes to be read. Held up longer, its own bytes would count as late.
   */
  enter(upload: UploadUnderWay): Promise<UploadPlace>;
  /** Whether one of this person with this key still arrives or is being looked at. */
  isUnderWay(userId: string, idempotencyKey: string): boolean;
}

interface Inside extends UploadUnderWay {
  bytes: number;
  whole: boolean;
  /** Nothing more of it arrives: it is whole, or answered. */
  arrivedOrOver: Promise<void>;
  over: Promise<void>;
}

export function createUploadsUnderWay(): UploadsUnderWay {
  const inside = new Set<Inside>();
  const repeats = new Map<string, number>();
  const requests = new Map<string, number>();
  const unopened = new Map<string, number>();

  /** Until it is answered, or, where it still arrives, is whole. */
  async function waitFor(one: Inside): Promise<void> {
    const leave = countIn(repeats, one.userId, mostRepeats);
    const timer = setTimeout(() => one.giveUp?.(), momentMs);
    await (one.whole ? one.over : one.arrivedOrOver);
    clearTimeout(timer);
    leave();
  }

  function take(upload: UploadUnderWay, waited: boolean): UploadPlace {
    const reserved = [...inside].reduce((sum, one) => sum + one.reservedBytes, upload.reservedBytes);
    if (reserved > mostBytes) throw tooMuch();
    const [over, end] = signal();
    const [arrivedOrOver, endArrival] = signal();
    const mine: Inside = { ...upload, bytes: 0, whole: false, arrivedOrOver, over };
    inside.add(mine);
    return {
      waited,
      arrived: (bytes) => {
        mine.bytes = bytes;
      },
      arrivedWhole() {
        mine.whole = true;
        endArrival();
      },
      others() {
        const use = { person: 0, course: 0 };
        for (const one of inside) {
          if (one === mine || one.course !== upload.course || isSame(one, upload)) continue;
          use.course += one.bytes;
          if (one.userId === upload.userId) use.person += one.bytes;
        }
        return use;
      },
      leave() {
        inside.delete(mine);
        endArrival();
        end();
      },
    };
  }

  return {
    isUnderWay: (userId, idempotencyKey) =>
      [...inside].some((one) => one.userId === userId && one.idempotencyKey === idempotencyKey),
    begin(userId) {
      const opened = countIn(unopened, userId, mostUnopened);
      try {
        const answered = countIn(requests, userId, mostRequests);
        return {
          opened,
          leave() {
            opened();
            answered();
          },
        };
      } catch (error) {
        opened();
        throw error;
      }
    },
    async enter(upload) {
      for (let waited = false; ; waited = true) {
        const own = [...inside].filter((one) => one.userId === upload.userId);
        if (own.length < mostPerPerson) return take(upload, waited);
        const same = own.filter((one) => isSame(one, upload));
        const [first] = same;
        if (first === undefined) throw tooMany();
        const arriving = same.find(({ whole }) => !whole);
        if (arriving === undefined && own.length < mostWithRepeat) return take(upload, waited);
        await waitFor(arriving ?? first);
      }
    },
  };
}

/** A promise, and what keeps it. */
function signal(): [Promise<void>, () => void] {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return [given, give];
}

const isSame = (one: UploadUnderWay, other: UploadUnderWay) =>
  one.idempotencyKey !== null && one.idempotencyKey === other.idempotencyKey && one.userId === other.userId;

/** Counts one more of a person, until the answer is called, once or more; throws where there are as many as may be. */
function countIn(counts: Map<string, number>, userId: string, most: number): () => void {
  const before = counts.get(userId) ?? 0;
  if (before >= most) throw tooMany();
  counts.set(userId, before + 1);
  let over = false;
  return () => {
    if (over) return;
    over = true;
    const left = (counts.get(userId) ?? 1) - 1;
    if (left === 0) counts.delete(userId);
    else counts.set(userId, left);
  };
}

function tooMany() {
  return new UploadRefusal(
    "too-many-uploads",
    "Two of your uploads are still under way, the most at once for one person, so this one was not taken: wait until they are answered and upload it again; one whose line broke is given up after a minute.",
  );
}

function tooMuch() {
  return new UploadRefusal(
    "too-many-uploads",
    `Uploads of ${sizeInWords(mostBytes)} are under way, the most at once for all, so this one was not taken: wait a minute and upload it again.`,
  );
}
