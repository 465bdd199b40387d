import { randomUUID } from "node:crypto";
import type { ApiToken } from "#core/accounts/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import { nowSeconds } from "../context.ts";

export interface NewToken {
  /** A UUID when undefined or empty. */
  readonly id?: string | undefined;
  /** 0 for a token that never expires. */
  readonly expiresInSeconds: number;
}

const maxIdLength = 256;

/** The entry of a token that is to be made now. Throws API_INVALID_ARGUMENT for an id or a time that cannot be. */
export function planToken({ id: given, expiresInSeconds }: NewToken, clock: Pick<Clock, "now">): ApiToken {
  const id = given === undefined || given === "" ? randomUUID() : given;
  if (id.length > maxIdLength || /\p{Cc}/u.test(id)) {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `id: has more than ${maxIdLength} or unprintable letters; choose another`,
    );
  }
  const issuedAt = nowSeconds(clock);
  if (!Number.isSafeInteger(issuedAt + expiresInSeconds) || expiresInSeconds < 0) {
    throw new MooringError("API_INVALID_ARGUMENT", "expiresIn: must be a number of seconds, or 0 for never");
  }
  return { id, issuedAt, expiresAt: expiresInSeconds === 0 ? undefined : issuedAt + expiresInSeconds };
}
