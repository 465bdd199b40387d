import { isMooringError, MooringError } from "#core/errors/index.ts";
import type { SopsKeySet } from "#core/sops/index.ts";
import { formatMasterKey } from "#core/sops/index.ts";
import type { DataKeys } from "#ports/data-keys.ts";
import type { FileAnswer } from "./protocol.ts";

/** Answers a render thread's questions for data keys. */
export interface DataKeyAnswers {
  answer(keys: SopsKeySet, signal: AbortSignal): Promise<FileAnswer>;
  /** The identity of the keys that were asked; undefined when none was. */
  readonly asked: string | undefined;
}

/** `identity` is that of `dataKeys` when the render began. */
export function createDataKeyAnswers(dataKeys: DataKeys | undefined, identity: string): DataKeyAnswers {
  let asked: string | undefined;
  return {
    answer: async (keys, signal) => {
      asked = identity;
      try {
        if (dataKeys === undefined) throw noKeys(keys);
        return { kind: "data-key", dataKey: await dataKeys.unwrap(keys, signal) };
      } catch (error) {
        // What may heal by itself is no answer that could be remembered.
        if (!isMooringError(error) || error.retry !== "never") throw error;
        return { kind: "refused", code: error.code, message: error.message };
      }
    },
    get asked() {
      return asked;
    },
  };
}

function noKeys({ groups }: SopsKeySet): MooringError {
  const [first] = groups.flat();
  const name = first === undefined ? "no key" : formatMasterKey(first);
  return new MooringError(
    "SECRET_KEY_MISSING",
    `it is encrypted for ${name}, and no private keys are configured; add it to a Secret labelled mooring.dev/secret-type=sops-keys`,
  );
}
