import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { AssignmentLine } from "#app/_server/queries/course/course-page.ts";
import { compileTutorial } from "./compile-tutorial.ts";
import { TutorialPage } from "./tutorial-page.tsx";

const line: AssignmentLine = {
  slug: "tutorial-3",
  title: "Tutorial 3: EC2",
  kind: "tutorial",
  points: 20,
  extraCredit: false,
  hasPage: true,
  handIn: null,
  inTeams: false,
  locked: false,
  dueDay: null,
  releaseDay: null,
  deadline: {
    status: "open",
    msLeft: null,
    due: null,
    grace: null,
    lateUntil: null,
    releasedAt: null,
    latePolicy: "",
    penaltyPercentNow: 0,
    extended: false,
  },
  exercises: [],
};

async function page(handIn: string | null, extraCredit = false, team: ReactNode = null) {
  return renderToStaticMarkup(
    <TutorialPage
      line={{ ...line, handIn, extraCredit }}
      exercises={[]}
      tutorial={await compileTutorial("# EC2\n\n## Words\n")}
      nowIso="2024-10-20T12:00:00Z"
      around={{ before: null, after: null }}
      team={team}
      staffLinks={null}
    />,
  );
}

it("says at the end of a page without exercises where its work goes", async () => {
  expect(await page("On the course's page in Canvas.")).toContain(
    "<p>On the course&#x27;s page in Canvas.</p>",
  );
  expect(await page(null)).toContain("<p>Nothing is handed in for this one.</p>");
});

it("has a reader's team before what is handed in, and leads to it", async () => {
  const html = await page(null, false, <p>With Ann Lee.</p>);
  expect(html).toContain('href="#team"');
  expect(html.indexOf("With Ann Lee.")).toBeLessThan(html.indexOf('<h2 id="hand-in">'));
  expect(await page(null)).not.toContain("#team");
});

it("says of extra credit that it is extra", async () => {
  expect(await page(null, true)).toContain("20 points extra");
  expect(await page(null)).not.toContain("extra");
});
