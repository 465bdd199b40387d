/** What work is ended with that nobody waits for; one for all, because making one costs more than the rest of it. */
const unwanted = new DOMException("nobody waits for the result", "AbortError");

/** Work in progress by key, so that callers who want the same at the same time share it. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * Joins the work in progress for the key, or starts it. A caller whose signal aborts leaves at once with the signal's
   * reason; the work itself is aborted when the last caller has left.
   */
  async join(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly value: T; readonly joined: boolean }> {
    signal.throwIfAborted();
    const running = this.#flights.get(key);
    const flight = running ?? this.#start(key, work);
    flight.callers += 1;
    const left = Promise.withResolvers<never>();
    const leave = (): void => left.reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
    try {
      const value = await Promise.race([flight.result, left.promise]);
      return { value, joined: running !== undefined };
    } finally {
      signal.removeEventListener("abort", leave);
      flight.callers -= 1;
      if (flight.callers === 0) this.#end(key, flight, signal.reason);
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { result: work(controller.signal), controller, callers: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #end(key: string, flight: Flight<T>, reason: unknown): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.controller.abort(reason ?? unwanted);
  }
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  callers: number;
}
