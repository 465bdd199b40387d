import { closeSync, fdatasync, openSync } from "node:fs";

/** Flushes what was written to a file to its disk, soon and beside other work. */
export interface FlushBehind extends Disposable {
  /** After a write. */
  request(): void;
  /** Throws, once, when the disk has refused what was written before. */
  assertFlushed(): void;
}

/** One flush at a time covers all writes before it; those that come during it are covered by the next. */
export function flushBehind(file: string): FlushBehind {
  const descriptor = openSync(file, "r");
  let [running, wanted, closed] = [false, false, false];
  let failure: Error | null = null;

  function flush(): void {
    [running, wanted] = [true, false];
    fdatasync(descriptor, (error) => {
      running = false;
      failure ??= error;
      if (closed) closeSync(descriptor);
      else if (wanted) flush();
    });
  }

  return {
    request: () => {
      if (running) wanted = true;
      else flush();
    },
    assertFlushed: () => {
      const error = failure;
      failure = null;
      if (error !== null) throw error;
    },
    [Symbol.dispose]: () => {
      closed = true;
      if (!running) closeSync(descriptor);
    },
  };
}
