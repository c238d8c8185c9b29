/**
 * A linear model whose variables are 0 or 1, or a number from 0 up, to be brought to the least cost. Its text is in the
 * CPLEX LP format.
 */
export interface ZeroOneModel {
  /** A yes or no that costs so much when it is yes. */
  choice(cost: number): Variable;
  /** A number from 0 up that costs so much a unit. */
  amount(cost: number): Variable;
  atMost(terms: readonly Term[], bound: number): void;
  atLeast(terms: readonly Term[], bound: number): void;
  exactly(terms: readonly Term[], bound: number): void;
  text(): string;
}

export type Variable = string & { readonly of: "zero-one model" };
/** A variable, or so many times it. */
export type Term = Variable | readonly [times: number, variable: Variable];

/** What a solver answers: the value of each variable by its name. null: it found nothing in its time. */
export type Solve = (model: string) => Promise<ReadonlyMap<string, number> | null>;

export function createModel(): ZeroOneModel {
  const costs: string[] = [];
  const rules: string[] = [];
  const choices: Variable[] = [];
  let made = 0;
  // A digit before a letter would be read as so many times it, so names begin with a letter.
  const name = (letter: string, cost: number) => {
    made += 1;
    const variable = `${letter}${made}` as Variable;
    costs.push(`${sign(cost)} ${variable}`);
    return variable;
  };
  const rule = (terms: readonly Term[], relation: string, bound: number) => {
    if (terms.length === 0) return;
    rules.push(`r${rules.length}: ${terms.map(term).join(" ")} ${relation} ${finite(bound)}`);
  };
  return {
    choice(cost) {
      const variable = name("c", cost);
      choices.push(variable);
      return variable;
    },
    amount: (cost) => name("a", cost),
    atMost: (terms, bound) => rule(terms, "<=", bound),
    atLeast: (terms, bound) => rule(terms, ">=", bound),
    exactly: (terms, bound) => rule(terms, "=", bound),
    text: () =>
      [
        ...["Minimize", ` obj: ${costs.join("\n ")}`, "Subject To", ...rules.map((one) => ` ${one}`)],
        ...["Binary", ...choices.map((one) => ` ${one}`), "End", ""],
      ].join("\n"),
  };
}

const term = (one: Term) => (typeof one === "string" ? `+ ${one}` : `${sign(one[0])} ${one[1]}`);
const sign = (number: number) => `${finite(number) < 0 ? "-" : "+"} ${Math.abs(number)}`;

/** A number that is none would be solved all the same, to nothing of use. */
function finite(number: number): number {
  if (!Number.isFinite(number)) throw new RangeError(`${number} is no number of a model.`);
  return number;
}

/** Whether a choice is yes in an answer: solvers come near 0 and 1. */
export const isChosen = (answer: ReadonlyMap<string, number>, variable: Variable): boolean =>
  (answer.get(variable) ?? 0) > 0.5;
