import type { Operation } from "#core/app/index.ts";

/** The entry of `operation.info` that says of an automated sync what it goes back from. */
const infoName = "rollback";

/** An operation that says that it goes back, and why: `from abc1234 to def5678: it is Degraded`. */
export function asRollback(operation: Operation, why: string): Operation {
  return { ...operation, info: [{ name: infoName, value: why }] };
}

/** True for a sync that goes back by itself. */
export function isRollback({ info = [], initiatedBy }: Operation): boolean {
  return initiatedBy?.automated === true && info.some(({ name }) => name === infoName);
}

/** How an operation ended, with what it was for when it went back by itself. */
export function withRollback(message: string, operation: Operation): string {
  const why = operation.info?.find(({ name }) => name === infoName)?.value ?? "";
  return isRollback(operation) ? `${message}; rollback ${why}` : message;
}
