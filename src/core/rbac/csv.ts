/**
 * The fields of one line of CSV as RFC 4180 has them: blanks before a field are not part of it, those after it are; a field in
 * quotes may hold commas, and `""` for a quote. An error says what is wrong with the quotes.
 */
export function splitCsv(line: string): readonly string[] | Error {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    while (isBlank(line[at])) at += 1;
    const field = line[at] === '"' ? readQuoted(line, at + 1) : readPlain(line, at);
    if (field instanceof Error) return field;
    fields.push(field.text);
    if (field.end >= line.length) return fields;
    at = field.end + 1;
  }
}

interface Field {
  readonly text: string;
  /** Where the comma after it stands, or the end. */
  readonly end: number;
}

function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/u.test(character);
}

function readPlain(line: string, start: number): Field | Error {
  const comma = line.indexOf(",", start);
  const end = comma < 0 ? line.length : comma;
  const text = line.slice(start, end);
  return text.includes('"')
    ? new Error("it has a quote inside of a field that does not begin with one")
    : { text, end };
}

function readQuoted(line: string, start: number): Field | Error {
  let text = "";
  let at = start;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) return new Error("a quote is never closed");
    text += line.slice(at, quote);
    if (line[quote + 1] !== '"') return endOf(line, quote + 1, text);
    text += '"';
    at = quote + 2;
  }
}

function endOf(line: string, end: number, text: string): Field | Error {
  if (end < line.length && line[end] !== ",") return new Error("something follows a closed quote");
  return { text, end };
}
