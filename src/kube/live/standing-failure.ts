import type { LiveFailure } from "#ports/live-store.ts";
import type { Clock } from "#runtime/clock.ts";

export interface StandingFailureOptions {
  readonly clock: Clock;
  /** How long a failure may last before anybody hears of it. */
  readonly afterMs: number;
  /** The failure has stood that long, or has ended after it had. */
  readonly onChange: () => void;
}

/** A failure that lasts: watches reconnect all the time, and a moment without one tells nothing. */
export interface StandingFailure extends Disposable {
  readonly current: LiveFailure | undefined;
  /** What is wrong now; undefined when all is well. */
  note(error: Error | undefined): void;
}

export function startStandingFailure({ clock, afterMs, onChange }: StandingFailureOptions): StandingFailure {
  let failure: LiveFailure | undefined;
  let stands = false;
  let timer: Disposable | undefined;
  const stand = (): void => {
    stands = true;
    onChange();
  };
  const end = (): void => {
    timer?.[Symbol.dispose]();
    timer = undefined;
    failure = undefined;
    const told = stands;
    stands = false;
    if (told) onChange();
  };
  return {
    get current() {
      return stands ? failure : undefined;
    },
    note: (error) => {
      if (error === undefined) return end();
      timer ??= clock.after(afterMs, stand);
      failure = { error, sinceMs: failure?.sinceMs ?? clock.now() };
    },
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  };
}
