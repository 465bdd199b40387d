/** Answers of a script that may differ from the real API server's, and why. */
export interface AllowedDifference {
  readonly title: string;
  /** Which answers of the script, counted from 0. */
  readonly steps: readonly number[];
  readonly reason: string;
}

/** A part of answers that is not compared, in whatever script. */
export interface MaskedText {
  readonly pattern: RegExp;
  readonly replacement: string;
  readonly reason: string;
}

export const maskedTexts: readonly MaskedText[] = [
  {
    pattern: /(?:Invalid|Unsupported|Duplicate) value: (?:\{.*?\}|\[\{.*?\}\]|\[\]|null)(?=: [^"{]|, |$)/g,
    replacement: "<structure>",
    reason:
      "the real one prints objects as structs of its internal Go types, with the names and order of their fields",
  },
  {
    pattern: /(?:patch: )?Invalid value: "(?:\{|map\[).*/gs,
    replacement: "patch: Invalid value: <patched>",
    reason:
      "what a patch makes of an object is quoted with Go's maps and conversions where it cannot be read",
  },
  {
    pattern:
      /(failed to create typed patch object \([^)]*\): )(?:errors:\n.*|.*field not declared in schema)/gs,
    replacement: "$1<errors>",
    reason: "which errors are told before the first unknown field depends on the order of a Go map",
  },
  {
    pattern: /\n@@ .*/gs,
    replacement: "",
    reason: "the real one ends some refusals with a difference of its internal Go types",
  },
];

/** Fields that are not compared, wherever they stand. */
export const maskedFields: readonly {
  readonly within: string;
  readonly field: string;
  readonly reason: string;
}[] = [
  {
    within: "columnDefinitions",
    field: "description",
    reason:
      "descriptions of a table's columns are shown by no client; ours are those of custom columns alone",
  },
];

/**
 * An answer of the real server after which nothing is compared: it panics, and closes the connection, for some strategic patches that
 * order lists which have no key.
 */
export function endsComparison(answer: unknown): boolean {
  return (answer as { readonly code?: number } | undefined)?.code === 0;
}

/**
 * Whether a difference, in words, is only one of warnings, which has to show twice: the real server first tries a write on what its cache
 * holds, and warns of what it finds even when that is not what is stored any more.
 */
export function mayBeOfCache(difference: string | undefined): boolean {
  return difference !== undefined && !/^ {2}\/(?!warnings)/m.test(difference);
}

/** Random scripts that end with another answer, by their seeds. A line that is no longer needed makes the test fail. */
export const allowedScripts: readonly { readonly seed: number; readonly reason: string }[] = [
  {
    seed: 1725,
    reason:
      "after a change of replicas that nobody owned the real one writes once more, for a write that changes nothing it shows",
  },
];

/** All that may differ in the scripts that were written. A line that is no longer needed makes the test fail. */
export const allowedDifferences: readonly AllowedDifference[] = [
  {
    title: "refuses bodies that are no such object",
    steps: [1, 2],
    reason: "the message names a Go type; ours says that the body is no object",
  },
  {
    title: "refuses bodies that are no such object",
    steps: [3],
    reason: "a body that is null is refused as no object, not taken as one without a name",
  },
  {
    title: "patches by RFC 7386",
    steps: [5],
    reason: "of JSON that ends too early ours says so, the real one only that it is invalid",
  },
  {
    title: "refuses applies that are none",
    steps: [4],
    reason: "another YAML parser says what is wrong with the text",
  },
  { title: "deletes with preconditions", steps: [4], reason: "the words before the parser's message" },
  {
    title: "lists by labels and fields, page by page",
    steps: [10, 11],
    reason: "ours quotes the whole requirement that it cannot read, the real one the next character",
  },
  {
    title: "lists by labels and fields, page by page",
    steps: [20],
    reason: "ours says that the token is none of its own, the real one which byte of it is no JSON",
  },
  {
    title: "answers what is not there",
    steps: [1, 4],
    reason: "paths that nothing is served at get a Status, not a plain text: clients understand both",
  },
  {
    title: "answers what is not there",
    steps: [9],
    reason: "the message names the media types that are taken",
  },
];
