/** Answers of a script that may differ from the real API server's, and why. */
export interface AllowedDifference {
  readonly title: string;
  /** Which answers of the script, counted from 0. */
  readonly steps: readonly number[];
  readonly reason: string;
}

/** All that may differ. A line that is no longer needed makes the test fail. */
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
    title: "patches by RFC 7386",
    steps: [8],
    reason:
      "a patch that changes the kind is refused with another code, and without the whole object in the message",
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
