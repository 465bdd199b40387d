/**
 * Globs as Argo CD's projects and RBAC understand them: `*` any text, `?` one character, `[a-z]` and `[!a-z]` one of a
 * set, `{a,b*}` alternatives, `\` takes the next character as it is. When a separator is given, `*` and `?` stop at it
 * and `**` crosses it; without one `*` crosses everything. Matching is case-sensitive and of the whole text.
 *
 * The pattern becomes a list of steps that are followed in parallel, so the time is at most length of pattern times
 * length of text: a hostile pattern cannot stall the process.
 */
export interface Glob {
  matches(text: string): boolean;
  /** Why the pattern is not a glob; such a glob matches nothing. */
  readonly problem?: string;
}

const maxPatternLength = 4096;
const plainText = /^[^*?[\]{}\\]*$/u;

export function parseGlob(pattern: string, separator?: string): Glob {
  if (plainText.test(pattern)) return { matches: (text) => text === pattern };
  if (pattern === "**" || (pattern === "*" && separator === undefined)) return { matches: () => true };
  const characters = Array.from(pattern);
  if (characters.length > maxPatternLength)
    return invalid(`it is longer than ${maxPatternLength} characters`);
  const parser: Parser = { characters, at: 0, separator, steps: [] };
  const problem = parseSequence(parser, 0);
  if (problem !== undefined) return invalid(problem);
  const { steps } = parser;
  return { matches: (text) => follow(steps, text) };
}

function invalid(problem: string): Glob {
  return { matches: () => false, problem };
}

type CharacterTest = (character: string) => boolean;

/** `fork` goes on at each of its targets; `read` consumes one character and goes on at the next step. */
type Step =
  | { readonly op: "read"; readonly test: CharacterTest }
  | { readonly op: "fork"; readonly targets: readonly number[] };

interface Parser {
  readonly characters: readonly string[];
  at: number;
  readonly separator: string | undefined;
  readonly steps: Step[];
}

/** Parses up to the end, or inside braces up to `,` or `}`; gives back what is wrong with the pattern. */
function parseSequence(parser: Parser, depth: number): string | undefined {
  while (parser.at < parser.characters.length) {
    const character = parser.characters[parser.at];
    if (depth > 0 && (character === "," || character === "}")) return undefined;
    const problem = parseOne(parser, depth);
    if (problem !== undefined) return problem;
  }
  return depth > 0 ? "a { is never closed" : undefined;
}

function parseOne(parser: Parser, depth: number): string | undefined {
  const character = parser.characters[parser.at++] ?? "";
  switch (character) {
    case "*":
      addStar(parser);
      return undefined;
    case "?":
      addRead(parser, insideSegment(parser));
      return undefined;
    case "[":
      return parseSet(parser);
    case "{":
      return depth < 16 ? parseAlternatives(parser, depth + 1) : "braces are nested too deeply";
    case "\\": {
      const escaped = parser.characters[parser.at++];
      if (escaped === undefined) return "it ends in a \\";
      addRead(parser, (other) => other === escaped);
      return undefined;
    }
    default:
      addRead(parser, (other) => other === character);
      return undefined;
  }
}

function addRead(parser: Parser, test: CharacterTest): void {
  parser.steps.push({ op: "read", test });
}

function insideSegment({ separator }: Parser): CharacterTest {
  return separator === undefined ? () => true : (character) => character !== separator;
}

function addStar(parser: Parser): void {
  const inside = insideSegment(parser);
  const crosses = parser.characters[parser.at] === "*";
  while (parser.characters[parser.at] === "*") parser.at++;
  const start = parser.steps.length;
  parser.steps.push({ op: "fork", targets: [start + 1, start + 3] });
  addRead(parser, crosses ? () => true : inside);
  parser.steps.push({ op: "fork", targets: [start] });
}

function parseSet(parser: Parser): string | undefined {
  const { characters } = parser;
  const negated = characters[parser.at] === "!";
  if (negated) parser.at++;
  const ranges: (readonly [string, string])[] = [];
  while (characters[parser.at] !== "]" || ranges.length === 0) {
    const low = readSetCharacter(parser);
    if (low === undefined) return "a [ is never closed";
    const isRange = characters[parser.at] === "-" && characters[parser.at + 1] !== "]";
    if (isRange) parser.at++;
    const high = isRange ? readSetCharacter(parser) : low;
    if (high === undefined) return "a [ is never closed";
    if (high < low) return `the range ${low}-${high} is the wrong way round`;
    ranges.push([low, high]);
  }
  parser.at++;
  addRead(parser, (other) => ranges.some(([low, high]) => low <= other && other <= high) !== negated);
  return undefined;
}

function readSetCharacter(parser: Parser): string | undefined {
  if (parser.characters[parser.at] === "\\") parser.at++;
  return parser.characters[parser.at++];
}

function parseAlternatives(parser: Parser, depth: number): string | undefined {
  const { steps } = parser;
  const fork = steps.push({ op: "fork", targets: [] }) - 1;
  const starts: number[] = [];
  const ends: number[] = [];
  let closed = false;
  while (!closed) {
    starts.push(steps.length);
    const problem = parseSequence(parser, depth);
    if (problem !== undefined) return problem;
    ends.push(steps.push({ op: "fork", targets: [] }) - 1);
    closed = parser.characters[parser.at++] === "}";
  }
  steps[fork] = { op: "fork", targets: starts };
  for (const end of ends) steps[end] = { op: "fork", targets: [steps.length] };
  return undefined;
}

function follow(steps: readonly Step[], text: string): boolean {
  let here = spread(steps, [0]);
  for (const character of text) {
    const next: number[] = [];
    for (const at of here) {
      const step = steps[at];
      if (step?.op === "read" && step.test(character)) next.push(at + 1);
    }
    if (next.length === 0) return false;
    here = spread(steps, next);
  }
  return here.has(steps.length);
}

/** Every place that can be reached from the starts without reading a character. */
function spread(steps: readonly Step[], starts: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  const pending = [...starts];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (reached.has(at)) continue;
    reached.add(at);
    const step = steps[at];
    if (step?.op === "fork") pending.push(...step.targets);
  }
  return reached;
}
