import { z } from "zod";

export const receiptIssuer = "drydock";
export const receiptType = "drydock-receipt+jwt";

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");

/** What a receipt says. Instants are ISO 8601 in UTC. */
export const receiptClaims = z.strictObject({
  iss: z.literal(receiptIssuer),
  /** Id of the submission. */
  sub: z.string().min(1),
  /** Of the bytes as stored. */
  sha256: sha256Hex,
  bytes: z.number().int().min(0),
  fileName: z.string(),
  /** <course>/<assignment>/<exercise> */
  exercise: z.string().min(1),
  /** When the first byte arrived. */
  receivedAt: z.iso.datetime(),
  /** The deadline that applied to the student; null when there was none. */
  dueAt: z.iso.datetime().nullable(),
  late: z.boolean(),
});
export type ReceiptClaims = z.infer<typeof receiptClaims>;
