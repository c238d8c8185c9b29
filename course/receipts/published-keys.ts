import type { JSONWebKeySet, JWK } from "jose";
import { z } from "zod";

/** A key of /.well-known/jwks.json. Instants are ISO 8601 in UTC; the current key has neither. */
export interface PublishedKey extends JWK {
  kid: string;
  /** Since then nothing is signed with it. */
  retiredAt?: string;
  /** Others may have had it: since then its signatures prove nothing, whatever instant they state. */
  revokedAt?: string;
}

const dates = z.object({ retiredAt: z.string().optional(), revokedAt: z.string().optional() });

/** When the key `kid` was retired and revoked, as the set says; nothing for a set that says neither. */
export function keyDates(jwks: JSONWebKeySet, kid: string): z.infer<typeof dates> {
  return dates.parse(jwks.keys.find((key) => key.kid === kid) ?? {});
}
