import { expect, it } from "vitest";
import { messageOf } from "#core/errors/index.ts";
import { flushBehind } from "./flush-behind.ts";

it("says once that what was written before has not reached the disk", async () => {
  // It cannot be flushed, just as a failing disk cannot.
  using flush = flushBehind("/dev/null");
  const failure = (): string | undefined => {
    try {
      flush.assertFlushed();
    } catch (error) {
      return messageOf(error);
    }
    return undefined;
  };
  expect(failure()).toBeUndefined();
  flush.request();
  await expect.poll(failure).toContain("EINVAL");
  expect(failure()).toBeUndefined();
});
