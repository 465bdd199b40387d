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

/** SQLITE_CORRUPT and SQLITE_NOTADB, in the last eight bits of what SQLite says. */
const damage: ReadonlySet<number> = new Set([11, 26]);

/** Whether the content of the file is what is wrong, so that nothing but another file helps. */
export function isDamage(error: unknown): boolean {
  if (!isMooringError(error, "STORE_UNAVAILABLE")) return false;
  const { cause } = error;
  if (!(cause instanceof Error) || !("errcode" in cause) || typeof cause.errcode !== "number") return false;
  return damage.has(cause.errcode & 0xff);
}
