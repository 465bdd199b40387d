import { abortErrorOf } from "#runtime/abort.ts";

/** A bounded number of places; who finds none waits in line. */
export interface Slots {
  /** Resolves to what gives the place back. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const line = new Set<() => void>();
  const giveBack = (): void => {
    free += 1;
    const [next] = line;
    next?.();
  };
  const taken = (): (() => void) => {
    free -= 1;
    let held = true;
    return () => {
      if (held) giveBack();
      held = false;
    };
  };
  return {
    take: (signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      if (free > 0) {
        resolve(taken());
        return promise;
      }
      const leave = (): void => {
        line.delete(next);
        reject(abortErrorOf(signal));
      };
      const next = (): void => {
        line.delete(next);
        signal.removeEventListener("abort", leave);
        resolve(taken());
      };
      line.add(next);
      signal.addEventListener("abort", leave, { once: true });
      return promise;
    },
  };
}
