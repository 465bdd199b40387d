import type { JsonValue } from "#core/object/index.ts";

/** Far deeper than any manifest; what goes through JSON by recursion ends the stack at some thousands. */
const maxDepth = 200;

/** The value of a JSON text that somebody sends. Throws SyntaxError, also for a text that is nested too deeply. */
export function parseJson(text: string): JsonValue {
  if (isDeep(text)) throw new SyntaxError(`nested deeper than ${maxDepth} levels`);
  return JSON.parse(text) as JsonValue;
}

/** Looks at each character once; brackets within strings do not count. */
function isDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length && depth <= maxDepth; i += 1) {
    const character = text[i];
    if (character === '"') isInString = !isInString;
    else if (isInString) i += character === "\\" ? 1 : 0;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
  }
  return depth > maxDepth;
}
