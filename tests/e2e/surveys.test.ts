import type { Page, Request } from "playwright-core";
import { describe, expect, it } from "vitest";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { seedSurveyClass } from "#tests/support/surveys/seed-survey-class.ts";
import { patience, seriousFindings, sidewaysScroll } from "./support/browser.ts";
import { addPerson, type Person } from "./support/people.ts";
import { withWebAndBrowser } from "./support/web-and-browser.ts";

const answersRoute = "**/api/surveys/answers";
let course: SeededCourse;
let survey: string;

const site = withWebAndBrowser(async (web) => {
  course = await seedCourse(web.database.db, { dueAt: null });
  await seedSurveyClass(web.database.db, course.courseId, new Date());
  survey = `/courses/${course.courseSlug}/surveys/1`;
});

const addStudent = (name: string): Promise<Person> =>
  addPerson(site.web, name, [{ course: course.courseSlug, role: "student", section: "TCSS 562" }]);
const waiting = () => site.web.database.db.surveyToken.count();
const completedBy = ({ userId }: Person) =>
  site.web.database.db.surveyCompletion.count({ where: { userId } });
const said = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const send = (page: Page) => page.getByRole("button", { name: "Send the answers" });

/** By keyboard alone: into each scale, along it, and on. */
async function answerByKeyboard(page: Page): Promise<void> {
  await send(page).and(page.locator(":enabled")).waitFor();
  await page.getByRole("radio").first().focus();
  for (const steps of [6, 4]) {
    await page.keyboard.press("Space");
    for (let step = 0; step < steps; step++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.type("What is layered and what is cached?");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
}

describe("the survey after a class", { timeout: patience * 3 }, () => {
  it("is answered by keyboard: the completion is the student's, the answers come without a cookie and are nobody's", async () => {
    const student = await addStudent("Ada Answers");
    const { context, page } = await site.openAs(student);
    await page.goto(`/courses/${course.courseSlug}/surveys`);
    expect(await page.getByRole("navigation", { name: "Course" }).textContent()).toContain("1 to answer");
    await page.getByRole("link", { name: /Class 1/ }).click();
    await page.waitForURL(`**${survey}`);
    await said(page, "Why nobody can tell which answers are yours");
    expect(await seriousFindings(page)).toEqual([]);
    const sent: Request[] = [];
    page.on("request", (request) => void (request.url().includes("/api/surveys/") && sent.push(request)));
    await answerByKeyboard(page);
    await said(page, "Your answers have arrived.");
    const [token, answers] = sent;
    expect(token?.url()).toContain("/api/surveys/token?");
    expect((await token?.allHeaders())?.cookie).toBeDefined();
    expect(answers?.postDataJSON().answers).toEqual({
      material: 7,
      pace: 5,
      questions: "What is layered and what is cached?",
    });
    expect(await answers?.allHeaders()).not.toHaveProperty("cookie");
    expect(await answers?.allHeaders()).not.toHaveProperty("referer");
    expect([await completedBy(student), await waiting()]).toEqual([1, 1]);
    expect(await site.web.log()).not.toContain("/api/surveys");
    await page.reload();
    await said(page, "You have completed this survey.");
    expect(
      await page.evaluate(() =>
        Object.keys(localStorage).filter((name) => name.startsWith("drydock-survey")),
      ),
    ).toEqual([]);
    await page.goto(`/courses/${course.courseSlug}/surveys`);
    await said(page, "No survey waits for you.");
    await context.close();
  });

  it("keeps answers that could not be sent, and sends them at the next visit", async () => {
    const student = await addStudent("Olga Offline");
    const before = await waiting();
    const { context, page } = await site.openAs(student, { viewport: { width: 390, height: 800 } });
    await page.goto(survey);
    await page.route(answersRoute, (route) => route.abort());
    await answerByKeyboard(page);
    await said(page, /this browser keeps them/);
    expect(await sidewaysScroll(page)).toBe(0);
    expect([await completedBy(student), await waiting()]).toEqual([1, before]);
    await page.unroute(answersRoute);
    await page.goto(`/courses/${course.courseSlug}/surveys`);
    await said(page, "Answers that waited in this browser have arrived.");
    expect(await waiting()).toBe(before + 1);
    await context.close();
  });

  it("goes on where a reply was lost: the completion counts once, and the answers arrive", async () => {
    const student = await addStudent("Lea Lost");
    const before = await waiting();
    const { context, page } = await site.openAs(student);
    await page.goto(survey);
    // It is recorded, and the browser never hears of it.
    await page.route("**/api/surveys/token?*", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await answerByKeyboard(page);
    await said(page, /could not be reached/);
    expect(await completedBy(student)).toBe(1);
    await page.unroute("**/api/surveys/token?*");
    await page.reload();
    await page.getByRole("button", { name: "Send them now" }).click();
    await said(page, "Your answers have arrived.");
    expect([await completedBy(student), await waiting()]).toEqual([1, before + 1]);
    await context.close();
  });

  it("says without JavaScript, and without the browser's own crypto, that it cannot be answered there, and records nothing", async () => {
    const student = await addStudent("Nora Noscript");
    const plain = await site.openAs(student, { javaScriptEnabled: false });
    await plain.page.goto(survey);
    await said(plain.page, /Answering needs JavaScript/);
    expect(await send(plain.page).isDisabled()).toBe(true);
    await plain.context.close();
    const { context, page } = await site.openAs(student);
    await page.addInitScript(() => Object.defineProperty(window, "isSecureContext", { value: false }));
    await page.goto(survey);
    await said(page, /did not come over https/);
    expect(await send(page).count()).toBe(0);
    expect(await completedBy(student)).toBe(0);
    await context.close();
  });

  it("has results of which staff see the rate at once, and feedback that the class reads on the schedule", async () => {
    const teacher = await addPerson(site.web, "Ina Instructor", [
      { course: course.courseSlug, role: "instructor", section: null },
    ]);
    const { context, page } = await site.openAs(teacher);
    await page.goto(`${survey}/results`);
    await said(page, /answers are opened together/);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByLabel("Another question").fill("Do we submit the code of the term project?");
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByLabel("Answer", { exact: true }).fill("Yes, as tar.gz or zip.");
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL(/done=save/);
    await page.getByRole("button", { name: "Publish with the next class" }).click();
    await page.waitForURL(/done=publish/);
    const student = await site.openAs(await addStudent("Rita Reads"));
    await student.page.goto(`/courses/${course.courseSlug}/schedule`);
    await student.page.getByText("Feedback from last class (class 1)").click();
    await said(student.page, "Yes, as tar.gz or zip.");
    await student.context.close();
    await context.close();
  });
});
