/** Keys of a terminal, one at a time and without Enter; ends with the signal. */
export async function* readKeys(signal: AbortSignal): AsyncGenerator<string> {
  const { stdin } = process;
  const pressed: string[] = [];
  let wake: () => void = () => undefined;
  const onData = (chunk: Buffer) => {
    pressed.push(...Array.from(chunk.toString("utf8")));
    wake();
  };
  const onAbort = () => wake();
  stdin.setRawMode(true);
  stdin.on("data", onData);
  stdin.resume();
  signal.addEventListener("abort", onAbort);
  try {
    while (!signal.aborted) {
      const key = pressed.shift();
      if (key !== undefined) {
        yield key;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stdin.off("data", onData);
    stdin.setRawMode(false);
    stdin.pause();
  }
}
