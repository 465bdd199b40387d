/** Functions that run in the page: they know nothing of what stands around them here. */

/** Notes when the first row of the list was drawn, since the navigation began, as `firstRowsMs`. */
export function followRows(): void {
  const look = (): void => {
    if (document.querySelector("a[data-app]") === null) {
      requestAnimationFrame(look);
      return;
    }
    // In the frame after the one that draws it.
    requestAnimationFrame(() => Object.assign(globalThis, { firstRowsMs: performance.now() }));
  };
  look();
}

/** Begins to wait for the letter that makes the search this text; `drawnMs` is from there until the rows that it leaves are drawn. */
export function followTyping(text: string): void {
  const { promise, resolve } = Promise.withResolvers<number>();
  const onInput = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement) || event.target.value !== text) return;
    document.removeEventListener("input", onInput, true);
    const startedAt = performance.now();
    const look = (): void => {
      const isAsked = new URL(document.location.href).searchParams.get("text") === text;
      const list = document.querySelector('[role=list][aria-label="Applications"]');
      if (isAsked && list?.getAttribute("aria-busy") === "false")
        requestAnimationFrame(() => resolve(performance.now() - startedAt));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  document.addEventListener("input", onInput, true);
  Object.assign(globalThis, { drawnMs: promise });
}

/** The times between frames, in milliseconds, for so long. */
export function measureFrames(forMs: number): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const frames: number[] = [];
    const startedAt = performance.now();
    let last = startedAt;
    const next = (now: number): void => {
      frames.push(now - last);
      last = now;
      if (now - startedAt < forMs) requestAnimationFrame(next);
      else resolve(frames.slice(1));
    };
    requestAnimationFrame(next);
  });
}

/** Begins to wait for the next click; `drawnMs` is from there until a tree stands that has more nodes than there are now. */
export function followTree(): void {
  const count = (): number => document.querySelectorAll('[aria-label^="Resource tree"] [data-node]').length;
  const before = count();
  const { promise, resolve } = Promise.withResolvers<number>();
  const onClick = (): void => {
    const startedAt = performance.now();
    const look = (): void => {
      // In the frame after the one that draws it.
      if (count() > before) requestAnimationFrame(() => resolve(performance.now() - startedAt));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  document.addEventListener("click", onClick, { capture: true, once: true });
  Object.assign(globalThis, { drawnMs: promise });
}
