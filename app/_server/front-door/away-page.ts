import {
  type AwayEnd,
  awayEnds,
  databaseAwayFact,
  databaseRetrySeconds,
} from "#infra/db/connection/database-away.ts";
import { plainPage } from "./plain-page.ts";

/**
 * The page of a site whose database does not answer.
 * again: the browser asks for the same address by itself until it is there.
 */
export function awayPage({ again, end }: { again: boolean; end: AwayEnd }): string {
  return plainPage({
    head: again ? `<meta http-equiv="refresh" content="${databaseRetrySeconds}">` : "",
    title: "Drydock is not available right now",
    main: `<h1>${databaseAwayFact}</h1>
<p>${awayEnds[end]}</p>
<p>${again ? "This page comes back by itself." : "Go back to where you came from to go on."}</p>`,
  });
}
