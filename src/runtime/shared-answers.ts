import { isAbortError } from "#core/errors/index.ts";
import type { Clock } from "./clock.ts";
import { msSince } from "./clock.ts";
import { SharedWork } from "./shared-work.ts";

/** Asks once; calls `onStart` when the question is really sent. */
type Ask<T> = (signal: AbortSignal, onStart: () => void) => Promise<T>;

/** When a question was sent; later callers that want a fresh answer need a later question. */
interface Sent {
  atMs: number | undefined;
}

interface Running<T> {
  readonly work: SharedWork<T>;
  readonly sent: Sent;
}

interface Subject<T> {
  answer?: { readonly value: T; readonly askedMs: number; readonly bytes: number };
  failure?: { readonly error: unknown; readonly atMs: number };
  running?: Running<T>;
  next?: SharedWork<T>;
}

interface Question<T> {
  /** Names what is asked and the credentials that ask. */
  readonly key: string;
  /** An earlier answer not older than this will do; 0 asks now. */
  readonly maxAgeMs: number;
  readonly ask: Ask<T>;
  readonly signal: AbortSignal;
}

export interface SharedAnswersOptions<T> {
  readonly clock: Clock;
  /** How long a failure answers. */
  readonly failureMemoryMs: number;
  /** What one answer holds, for `maxBytes`. */
  readonly sizeOf?: (answer: T) => number;
  readonly maxBytes?: number;
  readonly signal: AbortSignal;
}

const maxSubjects = 10_000;

/**
 * What others have, such as the refs of a repository, asked once whatever the number of callers: calls during a question
 * share it, its answer serves whoever accepts its age, and a failure answers for a short time so that a thousand
 * applications do not ask a dead host a thousand times.
 */
export class SharedAnswers<T> {
  readonly #subjects = new Map<string, Subject<T>>();
  readonly #clock: Clock;
  readonly #failureMemoryMs: number;
  readonly #sizeOf: (answer: T) => number;
  readonly #maxBytes: number;
  readonly #signal: AbortSignal;

  constructor(options: SharedAnswersOptions<T>) {
    this.#clock = options.clock;
    this.#failureMemoryMs = options.failureMemoryMs;
    this.#sizeOf = options.sizeOf ?? (() => 0);
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
    this.#signal = options.signal;
  }

  /** The newest answer of any age. */
  known(key: string): T | undefined {
    return this.#subjects.get(key)?.answer?.value;
  }

  /** Forgets a failure, for callers that want to know whether it still is so. */
  forgetFailure(key: string): void {
    delete this.#subjects.get(key)?.failure;
  }

  async ask(request: Question<T>): Promise<T> {
    const subject = this.#subject(request.key);
    const { answer } = subject;
    if (answer !== undefined && request.maxAgeMs > 0) {
      if (msSince(this.#clock, answer.askedMs) <= request.maxAgeMs) return answer.value;
    }
    this.#throwRecentFailure(subject);
    return await this.#join(subject, request).join(request.signal);
  }

  #throwRecentFailure({ failure }: Subject<T>): void {
    if (failure === undefined || msSince(this.#clock, failure.atMs) >= this.#failureMemoryMs) return;
    throw failure.error;
  }

  #join(subject: Subject<T>, request: Question<T>): SharedWork<T> {
    const { running, next } = subject;
    if (running === undefined || running.work.cancelled) return this.#start(subject, request.ask);
    const { atMs } = running.sent;
    const isYoungEnough = request.maxAgeMs > 0 && msSince(this.#clock, atMs ?? 0) <= request.maxAgeMs;
    if (atMs === undefined || isYoungEnough) return running.work;
    if (next !== undefined && !next.cancelled) return next;
    // The question under way was sent before this caller came; what changed since needs another one, shared again.
    subject.next = new SharedWork(async (signal) => {
      await running.work.join(signal).catch(() => undefined);
      delete subject.next;
      this.#throwRecentFailure(subject);
      return await this.#start(subject, request.ask).join(signal);
    }, this.#signal);
    return subject.next;
  }

  #start(subject: Subject<T>, ask: Ask<T>): SharedWork<T> {
    const sent: Sent = { atMs: undefined };
    const onStart = () => {
      sent.atMs = this.#clock.now();
    };
    const run = async (signal: AbortSignal) => {
      try {
        const value = await ask(signal, onStart);
        subject.answer = { value, askedMs: sent.atMs ?? this.#clock.now(), bytes: this.#sizeOf(value) };
        delete subject.failure;
        this.#evict();
        return value;
      } catch (error) {
        if (!isAbortError(error)) subject.failure = { error, atMs: this.#clock.now() };
        throw error;
      } finally {
        if (subject.running?.sent === sent) delete subject.running;
      }
    };
    const work = new SharedWork(run, this.#signal);
    subject.running = { work, sent };
    return work;
  }

  #subject(key: string): Subject<T> {
    const found = this.#subjects.get(key) ?? {};
    this.#subjects.delete(key);
    this.#subjects.set(key, found);
    if (this.#subjects.size > maxSubjects) this.#evict();
    return found;
  }

  /** Drops the answers that were not asked for longest, as far as there are too many. */
  #evict(): void {
    if (this.#subjects.size <= maxSubjects && this.#maxBytes === Infinity) return;
    let bytes = this.#subjects.values().reduce((sum, { answer }) => sum + (answer?.bytes ?? 0), 0);
    for (const [oldest, subject] of this.#subjects) {
      if (this.#subjects.size <= maxSubjects && bytes <= this.#maxBytes) return;
      if (subject.running !== undefined || subject.next !== undefined) continue;
      bytes -= subject.answer?.bytes ?? 0;
      this.#subjects.delete(oldest);
    }
  }
}
