/** A text with variables, read. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "variable";
      readonly name: string;
      /** What is done with the value: `:-`, `//`, `^^`…; empty for the value itself, `length` for its length. */
      readonly operator: string;
      readonly args: readonly Part[];
      /** Where it begins in the text. */
      readonly at: number;
    };

/** What is wrong with a text, and where. */
export class BadSubstitution extends SyntaxError {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = "BadSubstitution";
    this.at = at;
  }
}

const maxDepth = 50;

/** Reads `${…}` as Flux does; `$$` is a dollar sign. Throws BadSubstitution. */
export function parseTemplate(text: string): readonly Part[] {
  return new TemplateReader(text).readTemplate();
}

interface Until {
  /** Characters that end a text. */
  readonly stops: string;
  /** Which characters a backslash, and a dollar sign a dollar sign, take the meaning from. */
  readonly escapes: boolean;
}

class TemplateReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readTemplate(): readonly Part[] {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) {
      if (this.#next("${")) parts.push(this.#readVariable());
      else parts.push({ kind: "text", text: this.#readPlain() });
    }
    return parts;
  }

  #readPlain(): string {
    let out = "";
    while (this.#at < this.#text.length && !this.#next("${")) {
      const dollar = this.#text.indexOf("$", this.#at);
      if (dollar > this.#at) {
        out += this.#text.slice(this.#at, dollar);
        this.#at = dollar;
      } else if (dollar < 0) {
        out += this.#text.slice(this.#at);
        this.#at = this.#text.length;
      } else {
        out += "$";
        this.#at += this.#next("$$") ? 2 : 1;
      }
    }
    return out;
  }

  #readVariable(): Part {
    const at = this.#at;
    this.#depth += 1;
    if (this.#depth > maxDepth) this.#fail("variables are nested too deeply", at);
    this.#at += 2;
    const isLength = this.#skip("#");
    const name = this.#take(/[\p{L}\p{Nd}_]+/uy);
    if (name === "") this.#fail("${ is followed by no name", at);
    const operator = isLength ? "length" : this.#take(/:[=\-?+]|:|=|[,^]{1,2}|\/[/#%]?|##?|%%?/y);
    const args = isLength ? [] : this.#readArgs(operator, at);
    if (!this.#skip("}")) this.#fail("${ has no closing brace", at);
    this.#depth -= 1;
    return { kind: "variable", name, operator, args, at };
  }

  #readArgs(operator: string, at: number): readonly Part[] {
    switch (operator) {
      case "":
      case ",":
      case ",,":
      case "^":
      case "^^":
      case ",^":
      case "^,":
        return [];
      case ":":
        return this.#readRange(at);
      case "#":
      case "##":
      case "%":
      case "%%":
        return [this.#readArg({ stops: "}", escapes: false }, at)];
      case "/":
      case "//":
      case "/#":
      case "/%":
        return this.#readReplacement(at);
      default:
        return this.#readDefault(at);
    }
  }

  #readDefault(at: number): readonly Part[] {
    const args: Part[] = [];
    while (this.#at < this.#text.length && !this.#next("}")) {
      args.push(this.#readArg({ stops: "}", escapes: false }, at));
    }
    return args;
  }

  #readRange(at: number): readonly Part[] {
    const start = this.#readArg({ stops: ":}", escapes: false }, at);
    if (this.#take(/:+/y) === "") return [start];
    return [start, this.#readArg({ stops: "}", escapes: false }, at)];
  }

  #readReplacement(at: number): readonly Part[] {
    const pattern: Part = this.#next("/")
      ? { kind: "text", text: "" }
      : this.#readArg({ stops: "/", escapes: true }, at);
    if (this.#take(/\/+/y) === "") this.#fail("a replacement needs a second slash", at);
    return this.#next("}") ? [pattern] : [pattern, this.#readArg({ stops: "}", escapes: true }, at)];
  }

  /** One text, or one variable. */
  #readArg({ stops, escapes }: Until, at: number): Part {
    if (this.#next("${")) return this.#readVariable();
    let text = "";
    while (this.#at < this.#text.length && !this.#next("${")) {
      const character = this.#text.charAt(this.#at);
      const isEscape = escapes && (this.#next("$$") || this.#next("\\/") || this.#next("\\\\"));
      if (!isEscape && stops.includes(character)) break;
      text += isEscape ? this.#text.charAt(this.#at + 1) : character;
      this.#at += isEscape ? 2 : 1;
    }
    if (text === "") this.#fail("${ lacks what its operator needs, or its closing brace", at);
    return { kind: "text", text };
  }

  #next(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #skip(text: string): boolean {
    if (!this.#next(text)) return false;
    this.#at += text.length;
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #fail(message: string, at: number): never {
    throw new BadSubstitution(message, at);
  }
}
