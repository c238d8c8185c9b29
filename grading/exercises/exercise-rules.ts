import { stat } from "node:fs/promises";
import path from "node:path";
import { checkCatalogue } from "../machine/checks/catalogue.ts";
import { facilityCatalogue, kubernetesSettings } from "../machine/facilities/catalogue.ts";
import { facilitiesOf, kindFor } from "../machines/machine-kind.ts";
import type { SolutionExpectation } from "./exercise-file.ts";
import type { CheckSpec, ExerciseSpec } from "./spec/spec.ts";

export interface ExerciseProblem {
  /** Relative to the exercise's folder. */
  file: string;
  /** From 1. */
  line: number;
  message: string;
}

export type LineOf = (keys: (string | number)[]) => number;

/** Rules of exercise.yaml that see more than one value. Adds to needs the build of checks that use its image. */
export async function checkSpecRules(
  spec: ExerciseSpec,
  hiddenDir: string | null,
  lineOf: LineOf,
): Promise<ExerciseProblem[]> {
  const problems: ExerciseProblem[] = [];
  const say = (keys: (string | number)[], message: string) =>
    void problems.push({ file: "exercise.yaml", line: lineOf(keys), message });
  if (maxScoreOf(spec) === 0) say(["checks"], "no check gives points; give at least one");
  const twice = spec.facilities.kubernetes?.namespaces.find((name, at, all) => all.indexOf(name) !== at);
  if (twice)
    say(["facilities", "kubernetes", "namespaces"], `the namespace ${twice} is listed twice; remove one`);
  for (const [index, check] of spec.checks.entries()) {
    const earlier = spec.checks.slice(0, index);
    checkNeeds(spec, index, earlier, say);
    if (check.timeoutSeconds > spec.timeoutSeconds)
      say(
        ["checks", index, "timeoutSeconds"],
        `${check.id} may take ${check.timeoutSeconds} s, longer than the whole run's ${spec.timeoutSeconds} s; shorten it or lengthen the run`,
      );
    checkFacility(spec, check, (keys, message) => say(["checks", index, ...keys], message));
    const definition = checkCatalogue.get(check.kind);
    const uses = definition?.uses?.(definition.settings.parse(check.with));
    for (const file of uses?.hiddenFiles ?? [])
      if (!(await isFile(hiddenDir, file)))
        say(["checks", index, "with"], `${check.id} uses hidden/${file}, which does not exist; make it`);
    if (uses?.build)
      needBuild(check, uses.build.id, earlier, (message) => say(["checks", index, "with"], message));
  }
  return problems;
}

/** Points of all checks together. */
export function maxScoreOf(spec: ExerciseSpec): number {
  return spec.checks.reduce((sum, check) => sum + check.points, 0);
}

export function checkSolution(
  spec: ExerciseSpec,
  file: string,
  expectation: SolutionExpectation,
  lineOf: LineOf,
): ExerciseProblem[] {
  const problems: ExerciseProblem[] = [];
  if (expectation.score > maxScoreOf(spec))
    problems.push({
      file,
      line: lineOf(["score"]),
      message: `score ${expectation.score} is more than the exercise's ${maxScoreOf(spec)} points`,
    });
  for (const id of Object.keys(expectation.checks ?? {}))
    if (!spec.checks.some((check) => check.id === id))
      problems.push({
        file,
        line: lineOf(["checks", id]),
        message: `there is no check ${id}; the exercise has ${spec.checks.map((check) => check.id).join(", ")}`,
      });
  return [...problems, ...checkAdvice(spec, file, expectation, lineOf)];
}

/** A mistake without its own right advice proves a check only half. */
function checkAdvice(
  spec: ExerciseSpec,
  file: string,
  { checks = {}, advice = {} }: SolutionExpectation,
  lineOf: LineOf,
): ExerciseProblem[] {
  const problems: ExerciseProblem[] = [];
  const say = (keys: string[], message: string) => problems.push({ file, line: lineOf(keys), message });
  for (const id of Object.keys(advice))
    if (checks[id] !== "failed")
      say(
        ["advice", id],
        `${id} is to advise something and is not stated as failed; write ${id}: failed under checks`,
      );
  // Ids of those that never run, because one that they need, or one that it needs, is to fail. They say just that.
  const kept = new Set<string>();
  for (const { id, needs } of spec.checks) {
    if (needs.some((need) => checks[need] === "failed" || kept.has(need))) kept.add(id);
    else if (checks[id] === "failed" && advice[id] === undefined)
      say(
        ["checks", id],
        `${id} is to fail, and no word of its advice is stated; write advice: { ${id}: … } with words that this mistake alone is told`,
      );
  }
  return problems;
}

function checkNeeds(
  spec: ExerciseSpec,
  index: number,
  earlier: CheckSpec[],
  say: (keys: (string | number)[], message: string) => void,
): void {
  const check = spec.checks[index];
  if (!check) return;
  if (earlier.some((other) => other.id === check.id))
    say(["checks", index, "id"], `two checks have the id ${check.id}; rename one`);
  for (const [at, need] of check.needs.entries()) {
    if (earlier.some((other) => other.id === need)) continue;
    const later = spec.checks.some((other) => other.id === need);
    say(
      ["checks", index, "needs", at],
      later
        ? `${check.id} needs ${need}, which does not come before it; checks run in order: move it up`
        : `${check.id} needs ${need}, which is no check of this exercise`,
    );
  }
}

/** A check whose family has a facility's name needs it, and one of a Kubernetes looks at a namespace that is there. */
function checkFacility(
  spec: ExerciseSpec,
  check: CheckSpec,
  say: (keys: (string | number)[], message: string) => void,
): void {
  const [family = ""] = check.kind.split("/");
  const facility = facilityCatalogue.find(({ name }) => name === family);
  if (facility === undefined) return;
  if (!facilitiesOf(kindFor(spec)).includes(facility)) {
    say(
      ["kind"],
      `${check.id} (${check.kind}) needs ${facility.title}, which the exercise's machine does not have; write facilities: { ${family}: {} }`,
    );
    return;
  }
  const { namespace } = check.with;
  const { namespaces } = spec.facilities.kubernetes ?? kubernetesSettings.parse({});
  if (family === "kubernetes" && typeof namespace === "string" && !namespaces.includes(namespace))
    say(
      ["with", "namespace"],
      `${check.id} is about the namespace ${namespace}, which the exercise does not have; it has ${namespaces.join(", ")} (facilities.kubernetes.namespaces)`,
    );
}

function needBuild(
  check: CheckSpec,
  id: string | undefined,
  earlier: CheckSpec[],
  say: (message: string) => void,
): void {
  const builds = earlier.filter((other) => other.kind === "docker/build").map((other) => other.id);
  const build = id ?? (builds.length === 1 ? builds[0] : undefined);
  if (build === undefined)
    say(
      builds.length === 0
        ? `${check.id} uses a built image, but no docker/build check comes before it`
        : `${check.id} must say which image it uses: build: one of ${builds.join(", ")}`,
    );
  else if (!builds.includes(build))
    say(`${check.id} uses the image of ${build}, which is no docker/build check before it`);
  else if (!check.needs.includes(build)) check.needs.push(build);
}

async function isFile(dir: string | null, file: string): Promise<boolean> {
  if (dir === null) return false;
  try {
    return (await stat(path.join(dir, file))).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
