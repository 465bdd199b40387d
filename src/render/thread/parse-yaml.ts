import { parseAllDocuments } from "yaml";
import type { YAMLParseError } from "yaml";
import type { JsonValue } from "#core/object/index.ts";
import { lineAt } from "./decode-text.ts";
import { ManifestError } from "./manifest-error.ts";
import { readBlockYaml } from "./read-block-yaml.ts";
import { readNode } from "./read-node.ts";
import { splitDocuments } from "./split-documents.ts";
import type { DocumentText } from "./split-documents.ts";

export interface ParsedDocument {
  readonly value: JsonValue;
  readonly number: number;
  /** Line of its first content. */
  readonly line: number;
}

/**
 * Parses the documents of a YAML file one by one, in order; a document before a broken one is still given out. The types
 * of scalars are those of kubectl and Argo CD (see `resolvePlainScalar`). Beyond that: a merge key `<<` works, and may
 * not follow a key that it sets too, because parsers disagree on who wins; a key that appears twice, a key that is
 * null, a list or a map, an infinite number, and an integer that would lose digits are errors; `!!binary` must be text;
 * an unknown tag is ignored.
 */
export function* parseYaml(file: string, text: string, maxDepth: number): Generator<ParsedDocument> {
  for (const document of splitDocuments(text)) {
    const value = readBlockYaml(document.text, maxDepth);
    if (value === undefined) yield* parseDocument(file, document, { maxDepth });
    else yield { value, number: document.number, line: document.line + firstContentLine(document.text) };
  }
}

/**
 * The same for what a tool printed: of a key that appears twice the last one wins, as in Argo CD, because charts of
 * others hold many such keys and nobody who deploys them can repair them.
 */
export function* parseRenderedYaml(file: string, text: string, maxDepth: number): Generator<ParsedDocument> {
  for (const document of splitDocuments(text)) {
    const value = readBlockYaml(document.text, maxDepth);
    if (value === undefined) yield* parseDocument(file, document, { maxDepth, lastKeyWins: true });
    else yield { value, number: document.number, line: document.line + firstContentLine(document.text) };
  }
}

interface ParseOptions {
  readonly maxDepth: number;
  readonly lastKeyWins?: boolean;
}

/** Every document by the full parser: what `parseYaml` must equal. */
export function* parseYamlSlowly(file: string, text: string, maxDepth: number): Generator<ParsedDocument> {
  for (const document of splitDocuments(text)) yield* parseDocument(file, document, { maxDepth });
}

/** Counted from 0; only for documents that begin with a collection on a line of its own. */
function firstContentLine(text: string): number {
  return lineAt(text, text.search(/^(?!---)[ ]*[^ \n#]/m)) - 1;
}

function* parseDocument(
  file: string,
  source: DocumentText,
  options: ParseOptions,
): Generator<ParsedDocument> {
  const fail = (offset: number, problem: string): never => {
    const line = source.line + lineAt(source.text, Math.min(offset, source.text.trimEnd().length)) - 1;
    const hint = lineTextAt(source.text, offset).includes("{{") ? templateHint : "";
    throw new ManifestError({ file, line, document: source.number }, `${problem}${hint}`);
  };
  try {
    const documents = parseAllDocuments(source.text, {
      schema: "failsafe",
      resolveKnownTags: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    for (const document of "empty" in documents ? [] : documents) {
      const [error] = document.errors;
      if (error !== undefined) fail(error.pos[0], describe(error));
      if (document.contents === null) continue;
      const value = readNode(document.contents, { source: source.text, ...options, fail });
      const line = source.line + lineAt(source.text, document.contents.range[0]) - 1;
      if (value !== null) yield { value, number: source.number, line };
    }
  } catch (error) {
    if (error instanceof RangeError) fail(0, "nested too deeply; the limit protects the renderer");
    throw error;
  }
}

const templateHint = " (the line looks like a template, which plain manifests cannot hold)";

function lineTextAt(text: string, offset: number): string {
  const end = text.indexOf("\n", offset);
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, end < 0 ? undefined : end);
}

const problems: Partial<Record<YAMLParseError["code"], string>> = {
  BAD_ALIAS: "alias without an anchor before it; an anchor is only known inside its own document",
  ALIAS_PROPS: "an alias cannot have an anchor or a tag of its own",
  BAD_DIRECTIVE: "directive is not understood; remove the % line",
  BAD_DQ_ESCAPE: "escape in a double-quoted string is not valid; double the backslash or use single quotes",
  BAD_INDENT: "indentation does not fit the lines before it",
  BAD_SCALAR_START: "value begins with a character reserved by YAML; put quotes around it",
  BLOCK_AS_IMPLICIT_KEY:
    "a mapping stands where a plain value is expected; indent it on the next line or put quotes around the value",
  BLOCK_IN_FLOW: "indented lines stand inside brackets; close the bracket first",
  KEY_OVER_1024_CHARS: "key is longer than 1024 characters",
  MISSING_CHAR: "a quote, bracket, colon or space is missing",
  MULTILINE_IMPLICIT_KEY:
    "a key runs over several lines; a colon or a closing quote is missing before this line",
  MULTIPLE_ANCHORS: "a value has two anchors",
  MULTIPLE_TAGS: "a value has two tags",
  RESOURCE_EXHAUSTION: "nested too deeply; the limit protects the renderer",
  TAB_AS_INDENT: "tab used for indentation; use spaces",
  UNEXPECTED_TOKEN: "unexpected text; check indentation, quotes and brackets up to this line",
};

/** The parser's own message may quote the text, which may be a Secret, so only its code is used. */
function describe(error: YAMLParseError): string {
  return problems[error.code] ?? "not valid YAML; check indentation, quotes and brackets up to this line";
}
