export interface LogLine {
  /** Grows with every line. */
  readonly id: number;
  readonly pod: string;
  readonly time: string;
  readonly text: string;
}

export type NewLine = Omit<LogLine, "id">;

export interface LogLimits {
  readonly maxLines: number;
  readonly maxCharacters: number;
  readonly maxLineCharacters: number;
}

const logLimits: LogLimits = {
  maxLines: 10_000,
  maxCharacters: 20_000_000,
  maxLineCharacters: 10_000,
};

/** Keeps the newest lines of a log that may go on for ever. */
export class LogBuffer {
  readonly #limits: LogLimits;
  #lines: LogLine[] = [];
  #characters = 0;
  #nextId = 0;
  #dropped = 0;

  constructor(limits: LogLimits = logLimits) {
    this.#limits = limits;
  }

  /** The kept lines; another array after each change. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** How many older lines are not kept any more. */
  get dropped(): number {
    return this.#dropped;
  }

  add(added: readonly NewLine[]): void {
    const { maxLines, maxCharacters, maxLineCharacters } = this.#limits;
    const lines = [...this.#lines];
    for (const { pod, time, text } of added) {
      const shown = text.length > maxLineCharacters ? `${text.slice(0, maxLineCharacters)}…` : text;
      lines.push({ id: this.#nextId, pod, time, text: shown });
      this.#nextId += 1;
      this.#characters += shown.length;
    }
    let from = 0;
    while (lines.length - from > maxLines || (this.#characters > maxCharacters && from < lines.length - 1)) {
      this.#characters -= lines[from]?.text.length ?? 0;
      from += 1;
    }
    this.#dropped += from;
    this.#lines = from === 0 ? lines : lines.slice(from);
  }
}

// eslint-disable-next-line no-control-regex -- it is control characters that are looked for
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/gu;

/** Without the colours and cursor moves that programs write for terminals. */
export function plainText(text: string): string {
  return text.includes("\u001b") ? text.replaceAll(escapes, "") : text;
}

/** Whether one time with nanoseconds is after another; they are as Go writes them, without zeros at the end. */
export function isAfter(time: string, other: string): boolean {
  const [seconds, otherSeconds] = [time.slice(0, 19), other.slice(0, 19)];
  if (seconds !== otherSeconds) return seconds > otherSeconds;
  return fractionOf(time) > fractionOf(other);
}

function fractionOf(time: string): string {
  return (/\.(\d+)/u.exec(time)?.[1] ?? "").padEnd(9, "0");
}

/** Drops what was there before a connection was lost, when the log is read again from its tail. */
export class ResumePoint {
  readonly #last = new Map<string, string>();
  #known: ReadonlyMap<string, string> = new Map();

  /** From now on lines come again that came before. */
  resume(): void {
    this.#known = new Map(this.#last);
  }

  isNew({ pod, time }: NewLine): boolean {
    const known = this.#known.get(pod);
    if (known !== undefined && !isAfter(time, known)) return false;
    const last = this.#last.get(pod);
    if (last === undefined || isAfter(time, last)) this.#last.set(pod, time);
    return true;
  }
}
