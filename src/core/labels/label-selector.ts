import type { StringMap } from "#core/object/index.ts";

/** Whether labels meet a selector. */
export type LabelMatcher = (labels: StringMap) => boolean;

/** Makes the error of a message. */
type Refuse = (message: string) => Error;

interface Requirement {
  readonly key: string;
  readonly operator: "exists" | "!" | "in" | "notin" | ">" | "<";
  readonly values: readonly string[];
}

const key = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?(?:/[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const value = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?|`;
const forms: readonly (readonly [RegExp, (match: readonly string[]) => Requirement])[] = [
  [new RegExp(`^!\\s*(${key})$`), ([, name = ""]) => ({ key: name, operator: "!", values: [] })],
  [new RegExp(`^(${key})$`), ([, name = ""]) => ({ key: name, operator: "exists", values: [] })],
  [
    new RegExp(`^(${key})\\s*(=|==|!=)\\s*(${value})$`),
    ([, name = "", operator = "", one = ""]) => ({
      key: name,
      operator: operator === "!=" ? "notin" : "in",
      values: [one],
    }),
  ],
  [
    new RegExp(`^(${key})\\s*([<>])\\s*(-?\\d+)$`),
    ([, name = "", operator = "", one = ""]) => ({
      key: name,
      operator: operator === ">" ? ">" : "<",
      values: [one],
    }),
  ],
  [
    new RegExp(`^(${key})\\s+(in|notin)\\s*\\(\\s*((?:${value})(?:\\s*,\\s*(?:${value}))*)\\s*\\)$`),
    ([, name = "", operator = "", all = ""]) => ({
      key: name,
      operator: operator === "in" ? "in" : "notin",
      values: all.split(",").map((each) => each.trim()),
    }),
  ],
];

/**
 * Parses a label selector as Kubernetes writes them (`a=b,c in (d,e),!f`). An empty one matches everything. Throws what `refuse` makes of a
 * message that says what is wrong.
 */
export function parseLabelSelector(
  text: string,
  refuse: Refuse = (message) => new Error(message),
): LabelMatcher {
  if (text.trim() === "") return () => true;
  const requirements = splitTop(text).map((part) => parseRequirement(part.trim(), text, refuse));
  return (labels) => requirements.every((requirement) => meets(requirement, labels));
}

/** Commas inside parentheses belong to a set of values. */
function splitTop(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/);
}

function parseRequirement(part: string, text: string, refuse: Refuse): Requirement {
  for (const [form, read] of forms) {
    const match = form.exec(part);
    if (match !== null) return read(match);
  }
  throw refuse(
    `unable to parse requirement: ${JSON.stringify(part)} of label selector ${JSON.stringify(text)} is none`,
  );
}

function meets({ key: name, operator, values }: Requirement, labels: StringMap): boolean {
  const label = Object.hasOwn(labels, name) ? labels[name] : undefined;
  switch (operator) {
    case "exists":
      return label !== undefined;
    case "!":
      return label === undefined;
    case "in":
      return label !== undefined && values.includes(label);
    case "notin":
      return label === undefined || !values.includes(label);
    case ">":
      return compares(label, (n) => n > Number(values[0]));
    case "<":
      return compares(label, (n) => n < Number(values[0]));
  }
}

function compares(label: string | undefined, test: (value: number) => boolean): boolean {
  return label !== undefined && /^-?\d+$/.test(label) && test(Number(label));
}
