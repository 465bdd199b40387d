import { isMooringError } from "#core/errors/index.ts";

const tries = 5;
/** It changed, went, or came since it was read. */
const overtaken = ["KUBE_CONFLICT", "KUBE_NOT_FOUND", "KUBE_EXISTS"] as const;

/** Repeats a read and a write that follows from it while somebody else is quicker. Throws what the fifth try throws. */
export async function repeatOnConflict<T>(readAndWrite: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readAndWrite();
    } catch (error) {
      const again = overtaken.some((code) => isMooringError(error, code));
      if (!again || attempt === tries) throw error;
    }
  }
}
