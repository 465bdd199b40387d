import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import type { ImageSignature, Registry, RegistryImage } from "#ports/registry.ts";
import type { BackoffOptions } from "#runtime/backoff.ts";
import { backoffDelay } from "#runtime/backoff.ts";
import type { Clock } from "#runtime/clock.ts";
import { formatTime } from "#runtime/clock.ts";
import { Semaphore } from "#runtime/semaphore.ts";

type Asked = Pick<Registry, "listTags" | "digestOf" | "readImage" | "listSignatures">;

interface Pause {
  readonly untilMs: number;
  readonly failures: number;
}

export interface PacedRegistryOptions {
  readonly registry: Asked;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Questions at the same time, to all registries. */
const atOnce = 8;
const maxHosts = 1_000;
const backoff: BackoffOptions = { baseMs: 30_000, factor: 2, maxMs: 900_000, jitter: 0.2 };

/** Registries that are asked by all automations together, and left alone for as long as they ask to be. */
export class PacedRegistry implements Asked {
  readonly #options: PacedRegistryOptions;
  readonly #slots = new Semaphore(atOnce);
  readonly #pauses = new Map<string, Pause>();

  constructor(options: PacedRegistryOptions) {
    this.#options = options;
  }

  async listTags(
    access: RegistryAccess,
    options: Parameters<Asked["listTags"]>[1],
  ): Promise<readonly string[]> {
    const { registry } = this.#options;
    return await this.#ask(access, async () => await registry.listTags(access, options), options.signal);
  }

  async digestOf(access: RegistryAccess, tag: string, signal: AbortSignal): Promise<string> {
    const { registry } = this.#options;
    return await this.#ask(access, async () => await registry.digestOf(access, tag, signal), signal);
  }

  async readImage(
    access: RegistryAccess,
    reference: string,
    options: Parameters<Asked["readImage"]>[2],
  ): Promise<RegistryImage> {
    const { registry } = this.#options;
    const ask = async () => await registry.readImage(access, reference, options);
    return await this.#ask(access, ask, options.signal);
  }

  async listSignatures(
    access: RegistryAccess,
    digest: string,
    signal: AbortSignal,
  ): Promise<readonly ImageSignature[]> {
    const { registry } = this.#options;
    return await this.#ask(access, async () => await registry.listSignatures(access, digest, signal), signal);
  }

  async #ask<T>(access: RegistryAccess, ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const host = new URL(access.url.replace(/^oci:/u, "https:")).host;
    return await this.#slots.run(async () => {
      this.#refuseEarly(host, access.url);
      try {
        const answer = await ask();
        this.#pauses.delete(host);
        return answer;
      } catch (error) {
        throw this.#noted(host, error);
      }
    }, signal);
  }

  #refuseEarly(host: string, key: string): void {
    const pause = this.#pauses.get(host);
    const { clock } = this.#options;
    const waitMs = (pause?.untilMs ?? 0) - clock.now();
    if (pause === undefined || waitMs <= 0) return;
    throw new MooringError(
      "CHART_UNREACHABLE",
      `registry ${host}: asked to wait, and is asked again at ${formatTime(pause.untilMs)}; raise spec.interval, or log in for a higher limit`,
      { key, retryAfterMs: waitMs },
    );
  }

  /** A registry that says how long to wait is left alone for so long, and longer each time. */
  #noted(host: string, error: unknown): unknown {
    if (!isMooringError(error, "CHART_UNREACHABLE") || error.retryAfterMs === undefined) return error;
    const { clock, random } = this.#options;
    const known = this.#pauses.get(host);
    // Who was asked beside the one that was refused says it a second time.
    if (known !== undefined && known.untilMs > clock.now()) return error;
    const failures = (known?.failures ?? 0) + 1;
    const waitMs = Math.max(error.retryAfterMs, backoffDelay(failures - 1, backoff, random));
    this.#pauses.set(host, { untilMs: clock.now() + waitMs, failures });
    const [oldest] = this.#pauses.keys();
    if (this.#pauses.size > maxHosts && oldest !== undefined) this.#pauses.delete(oldest);
    return new MooringError(error.code, error.message, { cause: error, retryAfterMs: waitMs });
  }
}
