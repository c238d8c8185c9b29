import fc from "fast-check";
import { expect, test } from "vitest";
import { checkRequiredFiles } from "./check-required-files.ts";

const files = (...paths: string[]) => paths.map((path) => ({ path }));

test("a submission with every required file is taken", () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1 }), fc.array(name), (required, more) => {
      expect(checkRequiredFiles(files(...required, ...more), required)).toEqual({ outcome: "ok" });
      const [gone, ...rest] = required;
      const without = [...rest, ...more].filter((p) => p !== gone);
      expect(checkRequiredFiles(files(...without), required)).toMatchObject({
        outcome: "refused",
        missing: [gone],
      });
    }),
  );
});

test("a required folder needs one file inside it", () => {
  expect(checkRequiredFiles(files("src/app.py"), ["src/"]).outcome).toBe("ok");
  expect(checkRequiredFiles(files("src"), ["src/"]).outcome).toBe("refused");
});

test("a name that differs by case only is named with its spelling", () => {
  expect(checkRequiredFiles(files("dockerfile"), ["Dockerfile"])).toEqual({
    outcome: "refused",
    code: "name-case-differs",
    missing: ["Dockerfile"],
    message:
      '"Dockerfile" is required, but the submission has "dockerfile", which differs by upper and lower case; rename it.',
  });
  expect(checkRequiredFiles(files("Src/a.py"), ["src/"])).toMatchObject({ code: "name-case-differs" });
});

test("a file in the wrong folder is pointed at", () => {
  expect(checkRequiredFiles(files("x/Dockerfile", "y"), ["Dockerfile"])).toMatchObject({
    code: "missing-required",
    message:
      '"Dockerfile" is required and not in the submission; "x/Dockerfile" was found deeper; put it at the submission\'s root.',
  });
});

test("every name that differs by case is named, and what is missing besides", () => {
  const outcome = checkRequiredFiles(files("dockerfile", "App/main.py", "readme.md"), [
    "Dockerfile",
    "app/",
    "README.md",
    "run.sh",
  ]);
  expect(outcome).toEqual({
    outcome: "refused",
    code: "name-case-differs",
    missing: ["Dockerfile", "app/", "README.md", "run.sh"],
    message:
      '"Dockerfile", "app/", "README.md" are required, but the submission has "dockerfile", "App/main.py", "readme.md", which differ by upper and lower case; rename them; "run.sh" is missing as well.',
  });
});

test("files without their folder are sent to choose the folder", () => {
  for (const required of ["app/", "app/main.py"]) {
    expect(checkRequiredFiles(files("main.py", "util.py"), [required])).toMatchObject({
      code: "missing-required",
      message: `"${required}" is required and not in the submission; the submission has "main.py", "util.py" and no folder "app/"; choose the folder instead of its files, or pack it with its name.`,
    });
  }
  for (const [has, required] of [
    [files("Dockerfile", "lib/x.py"), ["app/"]],
    [files("notes.txt"), ["Dockerfile", "app/"]],
  ] as const) {
    expect(checkRequiredFiles(has, required)).toMatchObject({
      message: expect.stringContaining("add what is missing"),
    });
  }
});
