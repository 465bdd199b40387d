import { createTextRedactor } from "#core/redact/index.ts";
import type { Log, LogLevel } from "#runtime/log.ts";
import { createLog } from "#runtime/log.ts";

interface RedactedLogOptions {
  readonly logLevel?: LogLevel | undefined;
  readonly logFormat?: "text" | "json" | undefined;
  /** Standard error unless told. */
  readonly write?: (line: string) => void;
}

export interface RedactedLog {
  readonly log: Log;
  /** Takes the credentials of the last `onSecrets` out of a text. */
  readonly redact: (text: string) => string;
  /** Told of the credentials that the configuration holds, before any of them is used. */
  readonly onSecrets: (values: ReadonlySet<string>) => void;
}

/** The log of a process, which holds no credential of the configuration that the process knows. */
export function createRedactedLog(options: RedactedLogOptions): RedactedLog {
  let redactNow = createTextRedactor([]);
  const redact = (text: string): string => redactNow(text);
  const log = createLog({
    redact,
    level: options.logLevel ?? "info",
    format: options.logFormat ?? "text",
    write: options.write ?? ((line) => void process.stderr.write(line)),
    now: () => Date.now(),
  });
  return { log, redact, onSecrets: (values) => void (redactNow = createTextRedactor(values)) };
}
