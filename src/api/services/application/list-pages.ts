import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { isJsonObject, viewString } from "#core/object/index.ts";
import type { ListPlace } from "./sort-applications.ts";

/** What the next page goes on after. A page begins behind a place and not at a number, so that what comes and goes meanwhile moves nothing. */
export interface PageStart extends ListPlace {
  readonly sort: string;
}

const maxToken = 4096;

export function formatContinue({ sort, value, name }: PageStart): string {
  return Buffer.from(JSON.stringify({ sort, value, name })).toString("base64url");
}

/** Where the page of a token begins; undefined for the first one. Throws API_INVALID_ARGUMENT for a token that is none of this order. */
export function parseContinue(token: string, sort: string): PageStart | undefined {
  if (token === "") return undefined;
  const parsed = token.length > maxToken ? undefined : decode(token);
  const [of, value, name] = ["sort", "value", "name"].map((field) =>
    isJsonObject(parsed) ? viewString(parsed, field) : undefined,
  );
  if (of !== sort || value === undefined || name === undefined) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      "continue: is not what a list in this order told; begin again without it, or sort as before",
    );
  }
  return { sort, value, name };
}

function decode(token: string): JsonValue | undefined {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** How many there may be on a page; undefined for all. Throws API_INVALID_ARGUMENT. */
export function parseLimit(limit: number | undefined): number | undefined {
  if (limit === undefined || limit === 0) return undefined;
  if (limit > 0) return limit;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `limit: is ${limit}; give how many there may be on a page, or 0 for all`,
  );
}
