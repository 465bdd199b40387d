import type { JsonObject } from "#core/object/index.ts";

/** A case of `testdata/*.yaml`, of which `test/embedded/record-answers.ts` records what a real API server makes. */
export interface RecordedCase {
  readonly title: string;
  /** Instead of an object: a definition that the cases after it need. */
  readonly definition?: JsonObject;
  /** What is there before; the case is then an update of it. */
  readonly live?: JsonObject;
  readonly object: JsonObject;
}

export interface RecordedAnswer {
  readonly code: number;
  readonly body: JsonObject;
}
