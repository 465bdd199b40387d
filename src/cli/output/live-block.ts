import type { Clock } from "#runtime/clock.ts";
import type { Output } from "../ports.ts";
import { escapeOf } from "./shielded.ts";

const redrawMs = 100;
const fallbackColumns = 80;
const fallbackRows = 24;

/** A block at the bottom of a terminal that is drawn over as it changes, at most ten times a second. */
export class LiveBlock {
  readonly #output: Output;
  readonly #clock: Clock;
  #drawn = 0;
  #lines: readonly string[] = [];
  #timer: Disposable | undefined;

  constructor(output: Output, clock: Clock) {
    this.#output = output;
    this.#clock = clock;
  }

  update(lines: readonly string[]): void {
    this.#lines = lines;
    this.#timer ??= this.#clock.after(redrawMs, () => {
      this.#timer = undefined;
      this.#draw(true);
    });
  }

  /** Draws the last state once more, in full, and leaves the cursor below it. */
  finish(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#draw(false);
    this.#drawn = 0;
    this.#lines = [];
  }

  #draw(bounded: boolean): void {
    const columns = this.#output.columns ?? fallbackColumns;
    const shown = bounded ? fitRows(this.#lines, (this.#output.rows ?? fallbackRows) - 2) : this.#lines;
    const escape = escapeOf(this.#output);
    const lines = shown.map((line) => cutLine(line, { columns: columns - 1, escape }));
    const up = this.#drawn === 0 ? "" : `${escape}[${this.#drawn}F`;
    this.#output.write(`${up}${lines.map((line) => `${escape}[2K${line}\n`).join("")}${escape}[0J`);
    this.#drawn = lines.length;
  }
}

function fitRows(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  return [...lines.slice(0, Math.max(1, rows - 1)), `  and ${lines.length - rows + 1} more`];
}

/** A longer line would wrap and the block would be drawn over wrongly. Colour codes take no room. */
function cutLine(
  line: string,
  { columns, escape }: { readonly columns: number; readonly escape: string },
): string {
  let room = columns;
  let cut = "";
  for (const [i, part] of line.split(escape).entries()) {
    // What follows an escape character begins with its colour code, which ends at the first m.
    const code = i === 0 ? "" : part.slice(0, part.indexOf("m") + 1);
    const text = part.slice(code.length);
    cut += (i === 0 ? "" : escape) + code + text.slice(0, Math.max(0, room));
    room -= text.length;
  }
  return cut;
}
