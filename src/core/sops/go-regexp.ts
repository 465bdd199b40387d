const posixClasses: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: "\\x00-\\x7F",
  blank: "\\t ",
  cntrl: "\\x00-\\x1F\\x7F",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

const goSpace = "\\t\\n\\f\\r ";
const syntaxCharacter = /^[\^$\\.*+?()[\]{}|/]$/;

/**
 * A regular expression as Go's `regexp` (RE2 syntax) reads it. Throws SyntaxError for what cannot be said in JavaScript,
 * instead of matching something else.
 */
export function compileGoRegExp(pattern: string): RegExp {
  const lead = /^\(\?([ims]+)\)/.exec(pattern);
  const flags = [...new Set(lead?.[1])].join("");
  return new RegExp(translate(pattern.slice(lead?.[0].length ?? 0), flags.includes("s")), `${flags}u`);
}

function translate(pattern: string, dotAll: boolean): string {
  let out = "";
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const [source, target] = nextToken(rest, dotAll);
    out += target;
    at += source;
  }
  return out;
}

/** How much of the pattern the token takes, and what stands for it. */
function nextToken(rest: string, dotAll: boolean): readonly [number, string] {
  if (rest.startsWith("\\")) return escapeToken(rest, false);
  if (rest.startsWith("[")) return classToken(rest);
  if (rest.startsWith("(?P<")) return [4, "(?<"];
  const unsupported = /^\(\?(?![:<]|[im]+(?:-[im]+)?:)/.test(rest);
  if (unsupported) throw new SyntaxError("a group is written in a way that is not supported");
  if (rest.startsWith(".")) return [1, dotAll ? "." : "[^\\n]"];
  if (rest.startsWith("{") && !/^\{\d+(?:,\d*)?\}/.test(rest)) return [1, "\\{"];
  const repeat = /^\{\d+(?:,\d*)?\}/.exec(rest)?.[0];
  if (repeat !== undefined) return [repeat.length, repeat];
  if (rest.startsWith("}") || rest.startsWith("]")) return [1, `\\${rest[0]}`];
  const [character = ""] = rest;
  return [character.length, character];
}

function escapeToken(rest: string, inClass: boolean): readonly [number, string] {
  const quoted = /^\\Q(.*?)(?:\\E|$)/s.exec(rest);
  if (quoted !== null) return [quoted[0].length, literal(quoted[1] ?? "")];
  const wide = /^\\x\{([\da-fA-F]{1,6})\}/.exec(rest);
  if (wide !== null) return [wide[0].length, `\\u{${wide[1]}}`];
  const property = /^\\([pP])(?:([A-Z])|\{(\^?)(\w+)\})/.exec(rest);
  if (property !== null) {
    const [source, letter = "p", short, negated, name] = property;
    const sign = negated === "^" ? (letter === "p" ? "P" : "p") : letter;
    const value = short ?? name ?? "";
    return [source.length, `\\${sign}{${value.length > 2 ? `Script=${value}` : value}}`];
  }
  const letter = rest[1] ?? "";
  if (/^[dDwWnrtfv]$/.test(letter)) return [2, `\\${letter}`];
  if (/^x[\da-fA-F]{2}/.test(rest.slice(1))) return [4, rest.slice(0, 4)];
  if (letter === "s") return [2, inClass ? goSpace : `[${goSpace}]`];
  if (letter === "S" && !inClass) return [2, `[^${goSpace}]`];
  if (letter === "a") return [2, "\\x07"];
  if (!inClass && /^[bB]$/.test(letter)) return [2, `\\${letter}`];
  if (!inClass && letter === "A") return [2, "(?<![\\s\\S])"];
  if (!inClass && letter === "z") return [2, "(?![\\s\\S])"];
  if (syntaxCharacter.test(letter)) return [2, `\\${letter}`];
  if (letter === "-" || /^[!-/:-@[-`{-~]$/.test(letter)) {
    return [2, `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`];
  }
  throw new SyntaxError("an escape is not supported");
}

function literal(text: string): string {
  return Array.from(text, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join("");
}

function classToken(rest: string): readonly [number, string] {
  let at = rest.startsWith("[^") ? 2 : 1;
  let out = rest.slice(0, at);
  for (let first = true; at < rest.length; first = false) {
    const here = rest.slice(at);
    const posix = /^\[:(\^?)(\w+):\]/.exec(here);
    if (here.startsWith("]") && !first) return [at + 1, `${out}]`];
    if (posix !== null) {
      const known = posixClasses[posix[2] ?? ""];
      if (known === undefined || posix[1] === "^")
        throw new SyntaxError("a character class is not supported");
      out += known;
      at += posix[0].length;
    } else if (here.startsWith("\\")) {
      const [source, target] = escapeToken(here, true);
      out += target;
      at += source;
    } else {
      const character = String.fromCodePoint(here.codePointAt(0) ?? 0);
      out += /^[[\](){}|/]$/.test(character) ? `\\${character}` : character;
      at += character.length;
    }
  }
  throw new SyntaxError("a bracket is not closed");
}
