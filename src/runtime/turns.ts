/** Has work that goes on for long let other work in. */
export interface Turns {
  /** Resolves at once while the turn lasts, else in a later turn of the event loop. Everybody who asks shares the turn. */
  readonly take: () => Promise<void>;
}

/** Promises that are ready are seen to before sockets and timers: many streams that each have much to write keep the process from all else. */
export function createTurns({ turnMs }: { readonly turnMs: number }): Turns {
  let endsAt = performance.now() + turnMs;
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(() => {
        endsAt = performance.now() + turnMs;
        next = undefined;
        resolve();
      });
    });
  return {
    take: async () => {
      while (performance.now() >= endsAt) await (next ??= begin());
    },
  };
}
