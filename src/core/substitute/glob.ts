/** A shell pattern over a whole text; `*` matches slashes, too. Undefined for a pattern that cannot be read. */
export function compileGlob(pattern: string): ((text: string) => boolean) | undefined {
  let source = "";
  for (let at = 0; at < pattern.length;) {
    const rest = pattern.slice(at);
    const set = /^\[(\^?)((?:\\[\s\S]|[^\\\]-](?:-(?:\\[\s\S]|[^\\\]-]))?)+)\]/u.exec(rest);
    const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (set !== null) {
      source += `[${set[1]}${(set[2] ?? "").replaceAll(/\\?([[^&|~])/g, "\\$1")}]`;
      at += set[0].length;
    } else if (character === "[" || rest === "\\") return undefined;
    else if (character === "\\") {
      const escaped = String.fromCodePoint(rest.codePointAt(1) ?? 0);
      source += literal(escaped);
      at += 1 + escaped.length;
    } else {
      source += character === "*" ? "[^]*" : character === "?" ? "[^]" : literal(character);
      at += character.length;
    }
  }
  return compile(source);
}

function compile(source: string): ((text: string) => boolean) | undefined {
  try {
    const matcher = new RegExp(`^(?:${source})$`, "u");
    return (text) => matcher.test(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
