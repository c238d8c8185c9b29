/** The parameters of an EC2 call: `TagSpecification.1.Tag.1.Key` is a field of a list in a list. */
export interface Form {
  [name: string]: FormValue;
}
export type FormValue = string | FormValue[] | Form;

export function readForm(parameters: URLSearchParams): Form {
  const root = Object.create(null) as Form;
  for (const [key, value] of parameters) {
    const names = key.split(".");
    const last = names.pop() as string;
    let at = root;
    for (const name of names) {
      const next = Object.hasOwn(at, name) ? at[name] : undefined;
      if (typeof next === "object" && !Array.isArray(next)) at = next;
      else at = at[name] = Object.create(null) as Form;
    }
    at[last] = value;
  }
  return withLists(root) as Form;
}

export function printForm(form: Form): URLSearchParams {
  const parameters = new URLSearchParams();
  const add = (prefix: string, value: FormValue) => {
    if (typeof value === "string") parameters.append(prefix, value);
    else if (Array.isArray(value)) value.forEach((one, index) => void add(`${prefix}.${index + 1}`, one));
    else for (const [name, one] of Object.entries(value)) add(`${prefix}.${name}`, one);
  };
  for (const [name, value] of Object.entries(form)) add(name, value);
  return parameters;
}

/** The text of a field, or undefined where there is none. */
export function textIn(form: FormValue | undefined, ...path: string[]): string | undefined {
  const value = path.reduce<FormValue | undefined>(
    (at, name) => (typeof at === "object" && !Array.isArray(at) ? at[name] : undefined),
    form,
  );
  return typeof value === "string" ? value : undefined;
}

export function formIn(form: FormValue | undefined, name: string): Form {
  const value = typeof form === "object" && !Array.isArray(form) ? form[name] : undefined;
  return typeof value === "object" && !Array.isArray(value) ? value : {};
}

export function listIn(form: FormValue | undefined, name: string): FormValue[] {
  const value = typeof form === "object" && !Array.isArray(form) ? form[name] : undefined;
  return Array.isArray(value) ? value : [];
}

export function textsIn(form: FormValue | undefined, name: string): string[] {
  return listIn(form, name).filter((one): one is string => typeof one === "string");
}

/** `Filter.N` of a Describe call: values by name. */
export function filtersIn(form: Form): { name: string; values: string[] }[] {
  return listIn(form, "Filter").map((filter) => ({
    name: textIn(filter, "Name") ?? "",
    values: textsIn(filter, "Value"),
  }));
}

/** As EC2 compares the values of a filter: `*` is any text and `?` any character. */
export function matchesAny(values: string[], text: string): boolean {
  return values.some((value) => {
    const pattern = value
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    return new RegExp(`^${pattern}$`, "s").test(text);
  });
}

function withLists(value: FormValue): FormValue {
  if (typeof value !== "object" || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([name, one]) => [name, withLists(one)] as const);
  if (entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, one]) => one);
  }
  return Object.fromEntries(entries);
}
