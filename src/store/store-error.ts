import { isMooringError, messageOf, MooringError } from "#core/errors/index.ts";

/** What SQLite says, with the file and what to do. */
export function storeError(file: string, doing: "read" | "written", error: unknown): MooringError {
  if (isMooringError(error)) return error;
  return new MooringError(
    "STORE_UNAVAILABLE",
    `file ${file}: cannot be ${doing}: ${messageOf(error)}; look at the disk and at who may use the file`,
    { cause: error },
  );
}

/** Does what may fail with an error of SQLite, and says which file it was. */
export function attempt<Result>(
  file: string,
  doing: "read" | "written",
  work: () => Result,
): Promise<Result> {
  return Promise.try(() => {
    try {
      return work();
    } catch (error) {
      throw storeError(file, doing, error);
    }
  });
}
