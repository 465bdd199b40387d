import type { JsonValue } from "#core/object/index.ts";

/** What one run gave: its values, or what is wrong with the program, the input or the time that it took. */
export type ScriptOutcome =
  | { readonly ok: true; readonly values: readonly JsonValue[] }
  /** A sentence without its subject: "it ran longer than …", "script:3: …". */
  | { readonly ok: false; readonly message: string };

/** A Lua script as `resource.customizations` of `argocd-cm` has it: health checks, lists of actions, actions. */
export interface LuaScript {
  readonly text: string;
  /** `useOpenLibs`: all libraries but what opens files and processes. */
  readonly opensLibraries: boolean;
}

/**
 * Runs what users wrote. No run takes longer than a second, or more memory than its limit, and none reaches files or network; only
 * Lua knows the time. Messages do not quote the input. Whatever is wrong with a program or an input is in its outcome: a call
 * rejects when its signal aborts, and when the engine is not installed.
 */
export interface Scripts {
  /**
   * Runs a jq program, as gojq understands it, on each input; the outcomes are in the order of the inputs. Integers beyond 2^53 that a
   * program gives are rounded, as everywhere in JavaScript.
   */
  jq(program: string, inputs: readonly JsonValue[], signal: AbortSignal): Promise<readonly ScriptOutcome[]>;
  /**
   * Runs a script once for each set of globals (`obj`, `actionParams`); its values are what it returns. An empty table comes back as an
   * empty list, as in Argo CD: Lua has no other.
   */
  lua(
    script: LuaScript,
    globals: readonly Readonly<Record<string, JsonValue>>[],
    signal: AbortSignal,
  ): Promise<readonly ScriptOutcome[]>;
}
