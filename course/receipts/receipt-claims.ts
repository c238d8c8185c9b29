import { z } from "zod";

export const receiptIssuer = "drydock";
export const receiptType = "drydock-receipt+jwt";

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");

const common = {
  iss: z.literal(receiptIssuer),
  /** Id of the submission. */
  sub: z.string().min(1),
  /** Of the bytes as stored. */
  sha256: sha256Hex,
  bytes: z.number().int().min(0),
  fileName: z.string(),
  /** <course>/<assignment>/<exercise> */
  exercise: z.string().min(1),
  /** The instant that counts: course/deadlines receptionTime. */
  receivedAt: z.iso.datetime(),
  /** The deadline that applied to the student; null when there was none. */
  dueAt: z.iso.datetime().nullable(),
  late: z.boolean(),
};

/** As receipts were before they named person and site; they verify for ever. */
const firstVersion = z.strictObject(common);

/** What a receipt says. Instants are ISO 8601 in UTC. */
export const receiptClaims = z.strictObject({
  ...common,
  version: z.literal(2),
  /** Who handed in. */
  person: z.strictObject({ id: z.string().min(1), email: z.string().min(1) }),
  /** Which Drydock received it; installation: the id that it made for itself once. */
  site: z.strictObject({
    address: z.string().min(1),
    deployment: z.string().min(1),
    installation: z.string().min(1),
  }),
  firstByteAt: z.iso.datetime(),
  lastByteAt: z.iso.datetime(),
});
export type ReceiptClaims = z.infer<typeof receiptClaims>;

/** What receipts of every version say. */
export const anyReceiptClaims = z.union([receiptClaims, firstVersion]);
export type AnyReceiptClaims = z.infer<typeof anyReceiptClaims>;
