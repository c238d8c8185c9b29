import {
  type AwayEnd,
  awayEnds,
  databaseAwayFact,
  databaseRetrySeconds,
} from "#infra/db/connection/database-away.ts";

/**
 * The page of a site whose database does not answer: one file of text, since nothing of the site can be asked for.
 * again: the browser asks for the same address by itself until it is there.
 */
export function awayPage({ again, end }: { again: boolean; end: AwayEnd }): string {
  const refresh = again ? `<meta http-equiv="refresh" content="${databaseRetrySeconds}">` : "";
  const next = again ? "This page comes back by itself." : "Go back to where you came from to go on.";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refresh}
<title>Drydock is not available right now</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem;
  color: #1c2024; background: #fff; }
p:first-child { font-weight: 650; color: #125b96; }
h1 { font-size: 1.5rem; line-height: 1.3; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8ea; background: #16181b; }
  p:first-child { color: #8fc1ea; }
}
</style>
</head>
<body>
<main>
<p>Drydock</p>
<h1>${databaseAwayFact}</h1>
<p>${awayEnds[end]}</p>
<p>${next}</p>
</main>
</body>
</html>
`;
}
