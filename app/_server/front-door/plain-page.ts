/**
 * A page of the front door's own: one file of text, for when nothing of the site can be asked for. title: of the tab;
 * main: HTML below the name Drydock; head: more of the head.
 */
export function plainPage({
  title,
  main,
  head = "",
}: {
  title: string;
  main: string;
  head?: string;
}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${head}
<title>${title}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem;
  color: #1c2024; background: #fff; }
p:first-child { font-weight: 650; color: #125b96; }
h1 { font-size: 1.5rem; line-height: 1.3; }
a { color: #125b96; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8ea; background: #16181b; }
  p:first-child, a { color: #8fc1ea; }
}
</style>
</head>
<body>
<main>
<p>Drydock</p>
${main}
</main>
</body>
</html>
`;
}
