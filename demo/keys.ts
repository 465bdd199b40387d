import { dim, print } from "./print.ts";

const ctrlC = "\u0003";

/**
 * Keys of a terminal, one at a time and without Enter; ends with the signal. Ctrl-C, which a terminal that gives single keys
 * sends as one of them, is the signal SIGINT here as well, whatever is going on.
 */
export async function* readKeys(signal: AbortSignal): AsyncGenerator<string> {
  const { stdin } = process;
  const pressed: string[] = [];
  let wake: () => void = () => undefined;
  const onData = (chunk: Buffer) => {
    const keys = Array.from(chunk.toString("utf8"));
    if (keys.includes(ctrlC)) process.kill(process.pid, "SIGINT");
    pressed.push(...keys);
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

/** Waits for any key, so that one can read and try something between two acts. */
export async function nextWhenAsked(signal: AbortSignal): Promise<void> {
  print(dim("\nAny key goes on."));
  for await (const _key of readKeys(signal)) return;
}
