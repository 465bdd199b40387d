/** Wakes one that waits. Rings while nobody waits are one ring that is heard by the next who does. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, and when the signal aborts. */
  rung(): Promise<void>;
}

export function createBell(signal: AbortSignal): Bell {
  let next = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => next.resolve(), { once: true });
  if (signal.aborted) next.resolve();
  return {
    ring: () => next.resolve(),
    rung: async () => {
      await next.promise;
      if (!signal.aborted) next = Promise.withResolvers<void>();
    },
  };
}
