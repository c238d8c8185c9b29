/** Imports point inward: docs/ARCHITECTURE.md draws the same rules. */
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    rule("no-circular", "A cycle means two files are one.", {}, { circular: true }),
    rule("no-unresolvable", "Every import must exist.", {}, { couldNotResolve: true }),
    rule(
      "rules-stay-pure",
      "course and grading hold rules; the outside world reaches them through ports.",
      { path: "^(course|grading)/" },
      { path: "^(app|workers|infra|prisma|bin|tests)/", pathNot: "^tests/support/" },
    ),
    rule(
      "production-never-imports-tests",
      "Only tests may import test support.",
      { path: "^(app|bin|course|grading|workers|infra)/", pathNot: "\\.test\\.tsx?$" },
      { path: "^tests/" },
    ),
    rule(
      "engine-clients-only-in-the-machine",
      "Only checks and the agent run inside the machine and drive its engines.",
      { path: "^(course|grading)/", pathNot: "^grading/(checks|agent)/|\\.test\\.ts$" },
      { path: "node_modules/(dockerode|@kubernetes|@aws-sdk|pg|bullmq|ioredis|next|react|better-auth)/" },
    ),
    rule("course-knows-no-grading", "course is the inner room.", { path: "^course/" }, { path: "^grading/" }),
    rule(
      "infra-implements-ports",
      "infra knows no pages, workers or commands.",
      { path: "^infra/" },
      { path: "^(app|workers|bin)/" },
    ),
    rule(
      "app-and-workers-are-strangers",
      "They meet in Postgres.",
      { path: "^app/" },
      { path: "^(workers|bin)/" },
    ),
    rule(
      "workers-and-app-are-strangers",
      "They meet in Postgres.",
      { path: "^workers/" },
      { path: "^(app|bin)/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "infra/db/generated|\\.next|\\.data|^dist" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
