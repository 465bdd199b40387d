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
  const head = `<testsuite name="${escapeXml(suite)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="0">`;
  const body = cases.map((one) => `  ${formatCase(suite, one)}\n`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${body}</testsuite>\n`;
}

function formatCase(suite: string, { name, file, line, failure }: JunitCase): string {
  const place = `${file === undefined ? "" : ` file="${escapeXml(file)}"`}${line === undefined ? "" : ` line="${line}"`}`;
  const open = `<testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"${place}`;
  if (failure === undefined) return `${open}/>`;
  const [first = ""] = failure.split("\n", 1);
  return `${open}><failure message="${escapeXml(first)}">${escapeXml(failure)}</failure></testcase>`;
}

/** XML 1.0 has no other control characters, however they are written. */
// eslint-disable-next-line no-control-regex -- they are what is taken out
const unprintable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu;

export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(unprintable, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
