/**
 * Compiles a glob of `directory.include` or `directory.exclude`, matched against the whole path relative to the source
 * path. As in Argo CD no character is a separator: `*` and `**` also cross `/`, so `*.yaml` selects files at any depth and
 * `**` + `/x.yaml` does not select `x.yaml` at the top. `?` is one character, `[a-z]` and `[!a-z]` are sets, `{a,b}` are
 * alternatives (which may nest), and a backslash takes the next character as it is. Throws SyntaxError on an unclosed
 * set or group.
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  const tokens = Array.from(pattern);
  let source = "";
  let groups = 0;
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i] ?? "";
    if (token === "*") {
      while (tokens[i + 1] === "*") i += 1;
      source += "[^]*";
    } else if (token === "?") source += "[^]";
    else if (token === "{") {
      groups += 1;
      source += "(?:";
    } else if (token === "}" && groups > 0) {
      groups -= 1;
      source += ")";
    } else if (token === "," && groups > 0) source += "|";
    else if (token === "[") {
      const end = tokens.indexOf("]", i + 2);
      if (end < 0) throw new SyntaxError(`"[" is not closed`);
      source += characterSet(tokens.slice(i + 1, end));
      i = end;
    } else if (token === "\\" && i + 1 < tokens.length) {
      i += 1;
      source += escapeForRegExp(tokens[i] ?? "");
    } else source += escapeForRegExp(token);
  }
  if (groups > 0) throw new SyntaxError(`"{" is not closed`);
  const matcher = new RegExp(`^(?:${source})$`, "u");
  return (path) => matcher.test(path);
}

function characterSet(content: readonly string[]): string {
  const negated = content[0] === "!";
  const members = negated ? content.slice(1) : content;
  if (members.length === 3 && members[1] === "-") {
    const [from = "", , to = ""] = members;
    if (from > to) throw new SyntaxError(`"[${from}-${to}]" runs backwards`);
    return `[${negated ? "^" : ""}${escapeInSet(from)}-${escapeInSet(to)}]`;
  }
  return `[${negated ? "^" : ""}${members.map(escapeInSet).join("")}]`;
}

function escapeForRegExp(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character;
}

function escapeInSet(character: string): string {
  return character === "-" ? "\\-" : escapeForRegExp(character);
}
