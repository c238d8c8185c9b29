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
      "Only the program in the machine drives its engines.",
      { path: "^(course|grading)/", pathNot: "^grading/machine/|\\.test\\.ts$" },
      { path: "node_modules/(dockerode|@kubernetes|@aws-sdk|pg|bullmq|ioredis|next|react|better-auth)/" },
    ),
    rule(
      "the-control-side-knows-kinds-alone",
      "Of the program in the machine the rules of the control side read the catalogues, nothing that runs.",
      { path: "^grading/(?!machine/)" },
      { path: "^grading/machine/", pathNot: "^grading/machine/(checks|facilities)/catalogue\\.ts$" },
    ),
    rule(
      "the-catalogue-is-pure",
      "Whoever reads an exercise must not load an engine's client.",
      { path: "^grading/machine/(checks|facilities)/catalogue\\.ts$" },
      { path: "node_modules/(dockerode|@kubernetes|dockerfile-ast|undici)/", reachable: true },
    ),
    rule(
      "facilities-know-no-agent",
      "The agent starts them by what each exports.",
      { path: "^grading/machine/facilities/", pathNot: "\\.test\\.ts$" },
      { path: "^grading/machine/agent/" },
    ),
    rule(
      "kinds-stand-alone",
      "What everybody reads of a facility must not load what starts it.",
      { path: "^grading/machine/facilities/kinds/" },
      { path: "^grading/machine/facilities/(?!kinds/)" },
    ),
    rule(
      "moves-are-the-rules-own",
      "What moves a run or a machine is a use case of grading.",
      { path: "^(app|bin|infra|workers)/", pathNot: "\\.test\\.tsx?$" },
      { path: "^grading/(runs/(move|transition)-run|machines/move-machine)\\.ts$" },
    ),
    rule(
      "checks-know-no-agent",
      "They get what they may use by their context.",
      { path: "^grading/machine/checks/" },
      { path: "^grading/machine/(agent|facilities)/" },
    ),
    rule(
      "families-share-the-kit-alone",
      "What several families use lies in checks/kit.",
      { path: "^grading/machine/checks/([^/]+)/", pathNot: "\\.test\\.ts$" },
      { path: "^grading/machine/checks/[^/]+/", pathNot: "^grading/machine/checks/($1|kit)/" },
    ),
    rule(
      "checks-share-a-kit-alone",
      "What several checks of a family use lies in its kit, and no kit knows a check.",
      {
        path: "^grading/machine/checks/([^/]+)/([^/]+)/",
        pathNot: "^grading/machine/checks/kit/|\\.test\\.ts$",
      },
      { path: "^grading/machine/checks/$1/[^/]+/", pathNot: "^grading/machine/checks/$1/($2|kit)/" },
    ),
    rule(
      "web-loads-no-engine",
      "Workers, commands and the program in the machine drive engines; pages do not.",
      { path: "^app/" },
      { path: "node_modules/(dockerode|@kubernetes)/", reachable: true },
    ),
    rule(
      "only-the-machine-loads-kubernetes",
      "Workers and commands drive the engine that machines run on, and nothing in a machine.",
      { path: "^(bin|workers)/", pathNot: "\\.test\\.tsx?$" },
      { path: "node_modules/@kubernetes/", reachable: true },
    ),
    rule(
      "kubernetes-only-in-the-machine",
      "What drives a Kubernetes runs beside it.",
      { path: "^(app|bin|infra|workers)/" },
      { path: "node_modules/@kubernetes/" },
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
