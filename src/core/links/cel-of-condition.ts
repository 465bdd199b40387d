/** What a condition is in CEL, or a sentence without its subject about what of it is not understood. */
export type CelOfCondition =
  | { readonly ok: true; readonly expression: string }
  | { readonly ok: false; readonly problem: string };

type Kind = "name" | "text" | "number" | "sign";

interface Token {
  readonly kind: Kind;
  readonly text: string;
}

const tokenPattern = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    "(?<raw>`[^`]*`)",
    String.raw`(?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')`,
    String.raw`(?<number>\d+(?:\.\d+)?)`,
    String.raw`(?<name>[A-Za-z_]\w*)`,
    String.raw`(?<sign>==|!=|<=|>=|&&|\|\||[<>!()[\].,+%*/?:-])`,
  ].join("|"),
  "uy",
);

/** Between two values in expr-lang, a method of the first in CEL. */
const methods: ReadonlySet<string> = new Set(["contains", "startsWith", "endsWith", "matches"]);
const words: Readonly<Record<string, string>> = { and: "&&", or: "||", not: "!", nil: "null" };
const functions: Readonly<Record<string, string>> = { len: "size" };
const known: ReadonlySet<string> = new Set(["true", "false", "in"]);

/**
 * Turns what conditions of links are made of into CEL: comparisons, `and`, `or`, `not`, `in`, `contains`, `startsWith`, `endsWith`, `matches`,
 * `len`, fields and indexes. What else expr-lang has (closures, pipes, `??`, `?.`, other functions) is not understood.
 */
export function celOfCondition(condition: string): CelOfCondition {
  const tokens = tokenize(condition);
  if (typeof tokens === "string") return { ok: false, problem: tokens };
  const out: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    const isField = tokens[at - 1]?.text === ".";
    if (isField && tokens[at + 1]?.text === "(") {
      return { ok: false, problem: `the method ${token.text} is not understood` };
    }
    if (token.kind !== "name" || isField) {
      out.push(token.text);
    } else if (methods.has(token.text)) {
      const end = endOfValue(tokens, at + 1);
      if (end === undefined)
        return { ok: false, problem: `what stands after ${token.text} is not understood` };
      const value = tokens.slice(at + 1, end).map(({ text }) => text);
      out.push(".", token.text, "(", ...value, ")");
      at = end - 1;
    } else if (tokens[at + 1]?.text === "(" && !(token.text in words) && !known.has(token.text)) {
      const name = functions[token.text];
      if (name === undefined) return { ok: false, problem: `the function ${token.text} is not understood` };
      out.push(name);
    } else {
      out.push(words[token.text] ?? token.text);
    }
  }
  return { ok: true, expression: join(out) };
}

/** The end of a text or of a name with its fields and texts as indexes. */
function endOfValue(tokens: readonly Token[], start: number): number | undefined {
  const first = tokens[start];
  if (first?.kind === "text") return start + 1;
  if (first?.kind !== "name" || first.text in words || methods.has(first.text)) return undefined;
  let at = start + 1;
  for (;;) {
    if (tokens[at]?.text === "." && tokens[at + 1]?.kind === "name") at += 2;
    else if (tokens[at]?.text === "[" && tokens[at + 1]?.kind === "text" && tokens[at + 2]?.text === "]")
      at += 3;
    else return at;
  }
}

function join(parts: readonly string[]): string {
  return parts.reduce((all, part) =>
    /^[.([\])]$/u.test(part) || /[.([!]$/u.test(all) ? all + part : `${all} ${part}`,
  );
}

function tokenize(condition: string): readonly Token[] | string {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < condition.length) {
    const at = tokenPattern.lastIndex;
    const groups = tokenPattern.exec(condition)?.groups;
    if (groups === undefined) return `what stands at character ${at + 1} is not understood`;
    const { space, raw } = groups;
    if (space !== undefined) continue;
    if (raw !== undefined) tokens.push({ kind: "text", text: JSON.stringify(raw.slice(1, -1)) });
    for (const kind of ["text", "number", "name", "sign"] as const) {
      const text = groups[kind];
      if (text !== undefined) tokens.push({ kind, text });
    }
  }
  return tokens.length === 0 ? "it is empty" : tokens;
}
