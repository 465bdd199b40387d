import { isAbortError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import {
  formatRepositorySecret,
  parseRepositorySecret,
  resolveRegistryAccess,
  resolveRepositoryAccess,
  withRepository,
} from "#core/repo/index.ts";
import { formatTime } from "#runtime/clock.ts";
import { Semaphore } from "#runtime/semaphore.ts";
import { SharedAnswers } from "#runtime/shared-answers.ts";
import type { ApiContext } from "../../context.ts";
import type { ConnectionState } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { textsOf } from "./present-repository.ts";

/** As long as Argo CD's servers remember it. */
const goodForMs = 3_600_000;
/** What failed may work again soon: long enough for the pages that somebody looks at, and no longer. */
const failedForMs = 60_000;
/** For all callers together: each is a connection to somebody else's server. */
const askedAtOnce = 8;

interface StateRequest {
  /** Asks the repository whatever is remembered. */
  readonly forceRefresh: boolean;
  readonly signal: AbortSignal;
}

/** Whether repositories answer with what their Secrets say: asked once, and remembered by repository and credentials. */
export interface ConnectionStates {
  /** Never throws but when the signal aborts. */
  of(secret: KubeObject, request: StateRequest): Promise<ShapeOf<ConnectionState>>;
}

type Context = Pick<ApiContext, "clock" | "config" | "hub" | "live" | "secretHash" | "signal">;

/** Remembers until the server closes, which ends what is being asked. */
export function createConnectionStates(context: Context): ConnectionStates {
  const { clock, live } = context;
  const states = new SharedAnswers<ShapeOf<ConnectionState>>({
    clock,
    failureMemoryMs: 0,
    signal: context.signal,
  });
  const slots = new Semaphore(askedAtOnce);
  const hash = context.secretHash("connections of repositories");
  const ask = async (secret: KubeObject, signal: AbortSignal, onStart: () => void) =>
    await slots.run(async () => {
      onStart();
      const attemptedAt = formatTime(clock.now());
      try {
        await live.testRepository(secret, signal);
        return { status: "Successful", message: "", attemptedAt };
      } catch (error) {
        if (isAbortError(error) || !isOfRepository(error)) throw error;
        return { status: "Failed", message: messageOf(error), attemptedAt };
      }
    }, signal);
  return {
    of: async (stored, { forceRefresh, signal }) => {
      const texts = textsOf(stored);
      const secret = formatRepositorySecret({ ...texts, url: texts["url"] ?? "" }, context.hub.namespace);
      try {
        const key = hash(accessOf(secret, context));
        const lastsMs = states.known(key)?.status === "Failed" ? failedForMs : goodForMs;
        return await states.ask({
          key,
          maxAgeMs: forceRefresh ? 0 : lastsMs,
          ask: (asking, onStart) => ask(secret, asking, onStart),
          signal,
        });
      } catch (error) {
        if (signal.aborted) throw error;
        return { status: "Failed", message: messageOf(error), attemptedAt: formatTime(clock.now()) };
      }
    },
  };
}

/**
 * Everything that the answer depends on, in one text: where the repository is and what is shown to it, from whatever Secret, and whom it is
 * believed. Throws what is wrong with it.
 */
function accessOf(secret: KubeObject, { config }: Pick<Context, "config">): string {
  const wanted = parseRepositorySecret(secret);
  const repositories = withRepository(config().repositories, wanted);
  const scope = wanted.project === "" ? undefined : wanted.project;
  const resolve = wanted.type === "git" ? resolveRepositoryAccess : resolveRegistryAccess;
  return JSON.stringify([wanted.type, resolve(wanted.url, scope, repositories)]);
}

/** False for what says nothing of the repository, such as that no controller leads which could ask it. */
function isOfRepository(error: unknown): boolean {
  return isMooringError(error) && !error.code.startsWith("API_");
}
