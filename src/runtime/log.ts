export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  with(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "text" | "json";
  readonly write: (line: string) => void;
  readonly now: () => number;
  /** Removes secret values from a whole line; the one exit of every log. */
  readonly redact?: (line: string) => string;
}

const rank: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

function formatField(value: string | number | boolean): string {
  const text = String(value);
  return /^[\w./:@+,-]+$/.test(text) ? text : JSON.stringify(text);
}

function formatLine(options: LogOptions, level: LogLevel, [message, fields]: [string, LogFields]): string {
  const time = new Date(options.now()).toISOString();
  if (options.format === "json") return JSON.stringify({ time, level, msg: message, ...fields });
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${formatField(value)}`],
  );
  return [time, level.padEnd(5), message, ...parts].join(" ");
}

/** Structured log lines, one per event; nothing is buffered. */
export function createLog(options: LogOptions, bound: LogFields = {}): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (rank[level] < rank[options.level]) return;
      const line = formatLine(options, level, [message, { ...bound, ...fields }]);
      options.write(`${options.redact === undefined ? line : options.redact(line)}\n`);
    };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => createLog(options, { ...bound, ...fields }),
  };
}

export const silentLog: Log = createLog({
  level: "error",
  format: "text",
  write: () => undefined,
  now: () => 0,
});
