export interface JunitCase {
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** What is wrong; undefined for a case that passes. */
  readonly failure: string | undefined;
}

/** A report in the form that CI systems read. */
export function formatJunit(suite: string, cases: readonly JunitCase[]): string {
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const head = `<testsuite name="${xml(suite)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">`;
  const body = cases.map((one) => `  ${formatCase(suite, one)}\n`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${body}</testsuite>\n`;
}

function formatCase(suite: string, { name, file, line, failure }: JunitCase): string {
  const place = `${file === undefined ? "" : ` file="${xml(file)}"`}${line === undefined ? "" : ` line="${line}"`}`;
  const open = `<testcase classname="${xml(suite)}" name="${xml(name)}"${place}`;
  if (failure === undefined) return `${open}/>`;
  const [first = ""] = failure.split("\n", 1);
  return `${open}><failure message="${xml(first)}">${xml(failure)}</failure></testcase>`;
}

/** XML has no way to write most control characters. */
function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\P{Cc}]|[\uFFFE\uFFFF]/gu, "?")
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
