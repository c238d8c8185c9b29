/** Lower-case Crockford base 32: no i, l, o, u to misread; its order is the order of the numbers. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const timeLength = 10;
const randomLength = 16;

/** Kinds of things with an id; the prefix makes an id recognisable in a log or a URL. */
export type IdPrefix =
  | "usr"
  | "crs"
  | "sec"
  | "enr"
  | "asg"
  | "ext"
  | "exc"
  | "ver"
  | "sub"
  | "ref"
  | "run"
  | "clm"
  | "chk"
  | "mch"
  | "ins"
  | "ntc"
  | "cls"
  | "ofh"
  | "ann"
  | "pap"
  | "cft"
  | "cal"
  | "tea"
  | "inv"
  | "tcm"
  | "swp"
  | "srv"
  | "svk"
  | "svf"
  | "aud";

/**
 * A new id such as `sub_01jd3k…`: 48 bits of milliseconds, then 80 random bits. Sorts by time (within one
 * millisecond in no order), safe in URLs, paths and job names.
 */
export function newId(prefix: IdPrefix, now: Date): string {
  let time = now.getTime();
  let text = "";
  for (let i = 0; i < timeLength; i++) {
    text = alphabet.charAt(time % 32) + text;
    time = Math.floor(time / 32);
  }
  const random = crypto.getRandomValues(new Uint8Array(randomLength));
  for (const byte of random) text += alphabet.charAt(byte % 32);
  return `${prefix}_${text}`;
}
