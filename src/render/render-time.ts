/** What a render is at: making a thread or a module ready, its own work, or waiting for somebody else's. */
export type RenderPhase = "loading" | "rendering" | "fetching";

/** The time that one render may take. Each phase has its own, counted over all of the render, however often it is entered. */
export class RenderTime implements Disposable {
  readonly #leftMs: Record<RenderPhase, number>;
  readonly #onEnd: (phase: RenderPhase) => void;
  #phase: RenderPhase = "loading";
  #sinceMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /** Begins to count, with loading. */
  constructor(limitsMs: Readonly<Record<RenderPhase, number>>, onEnd: (phase: RenderPhase) => void) {
    this.#leftMs = { ...limitsMs };
    this.#onEnd = onEnd;
    this.enter("loading");
  }

  get phase(): RenderPhase {
    return this.#phase;
  }

  enter(phase: RenderPhase): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    this.#leftMs[this.#phase] -= nowMs - this.#sinceMs;
    this.#phase = phase;
    this.#sinceMs = nowMs;
    this.#timer = setTimeout(() => this.#onEnd(phase), Math.max(0, this.#leftMs[phase]));
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }
}
