import type { EffectiveDeadline } from "#course/deadlines/effective-deadline.ts";
import { latenessForMember, latenessOf, type ReceivedWork } from "#course/deadlines/lateness.ts";
import type { Actor, Owned } from "../../access/permissions.ts";

/** By whose deadline a submission is shown: that of a reader whose team's it is, else that of who sent it. */
export function judgedFor({ userId }: Pick<Actor, "userId">, { ownerId, memberIds }: Owned) {
  if (userId === ownerId || !memberIds.includes(userId)) return { userId: ownerId, latenessOf };
  return {
    userId,
    latenessOf: (work: ReceivedWork, inForce: EffectiveDeadline) => {
      const { tooLate: _of, ...lateness } = latenessForMember(work, inForce);
      return lateness;
    },
  };
}
