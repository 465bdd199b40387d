const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;

/** A time in UTC as the API server stores it, with as many digits behind the second as asked; undefined when it is none. */
export function canonicalTime(text: string, digits: 0 | 6): string | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  // The layout of times with microseconds takes six digits, neither fewer nor more.
  if (digits === 6 && fraction.length !== 6) return undefined;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  if (Number.isNaN(at) || Number(second) > 59) return undefined;
  const whole = new Date(at).toISOString().slice(0, 19);
  return digits === 0 ? `${whole}Z` : `${whole}.${fraction}Z`;
}

const layout: readonly (readonly [layout: string, pattern: RegExp])[] = [
  ["2006", /^\d{4}/],
  ["-", /^-/],
  ["01", /^(?:0[1-9]|1[0-2])/],
  ["-", /^-/],
  ["02", /^(?:0[1-9]|[12]\d|3[01])/],
  ["T", /^T/],
  ["15", /^(?:[01]\d|2[0-3])/],
  [":", /^:/],
  ["04", /^[0-5]\d/],
  [":", /^:/],
  ["05", /^[0-5]\d/],
];

/** How Go tells of a text that is no time: which part of it does not fit which part of the layout. */
export function timeProblem(text: string, digits: 0 | 6): string {
  const fraction = digits === 0 ? (["", /^(?:[.,]\d+)?/] as const) : ([".000000", /^\.\d{6}/] as const);
  const parts = [...layout, fraction, ["Z07:00", /^(?:Z|[+-]\d\d:\d\d)$/] as const];
  const whole = parts.map(([name]) => name).join("");
  let rest = text;
  for (const [name, pattern] of parts) {
    const match = pattern.exec(rest);
    if (match === null)
      return problem(text, whole, `cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(name)}`);
    rest = rest.slice(match[0].length);
  }
  return `parsing time ${JSON.stringify(text)}: day out of range`;
}

function problem(text: string, whole: string, detail: string): string {
  return `parsing time ${JSON.stringify(text)} as ${JSON.stringify(whole)}: ${detail}`;
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** A Go duration in nanoseconds; undefined when the text is none. */
export function parseGoDuration(text: string): bigint | undefined {
  if (/^[+-]?0$/.test(text)) return 0n;
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
  if (match === null) return undefined;
  let total = 0n;
  for (const [, whole, fraction = "", unit = ""] of (match[2] ?? "").matchAll(
    /(\d*)(?:\.(\d*))?(ns|us|µs|ms|s|m|h)/g,
  )) {
    const scale = units[unit] ?? 0n;
    total +=
      BigInt(whole || "0") * scale + (BigInt(fraction || "0") * scale) / 10n ** BigInt(fraction.length);
  }
  return match[1] === "-" ? -total : total;
}

/** A duration as Go prints it: `1h30m0s`. */
export function formatGoDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  if (nanoseconds < 0n) return `-${formatGoDuration(-nanoseconds)}`;
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 6)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const fraction = (value % scale).toString().padStart(digits, "0").replace(/0+$/, "");
  return fraction === "" ? `${value / scale}` : `${value / scale}.${fraction}`;
}
