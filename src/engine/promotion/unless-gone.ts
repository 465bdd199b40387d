import { isMooringError } from "#core/errors/index.ts";

/** Undefined when the repository has a commit no more: its branches were written anew, and promotions and statuses still name it. */
export async function unlessGone<V>(asked: Promise<V>): Promise<V | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isMooringError(error, "GIT_REVISION_NOT_FOUND")) return undefined;
    throw error;
  }
}
