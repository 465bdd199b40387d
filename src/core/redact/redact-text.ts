import { encodeBase64 } from "./base64.ts";

const HIDDEN = "<redacted>";
/** Shorter values occur in ordinary text by chance; hiding them would garble it and reveal them by the gaps. */
const MIN_LENGTH = 4;

/**
 * Hides known secret values in a text, such as an error of the API server or of git: as they are, in base64 (also without
 * padding, and URL-safe), URL-encoded, and escaped as in JSON. Values shorter than four characters are left.
 */
export function createTextRedactor(secrets: Iterable<string>): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    for (const form of formsOf(secret)) if (form.length >= MIN_LENGTH) forms.add(form);
  }
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((redacted, form) => redacted.replaceAll(form, HIDDEN), text);
}

/** Each line of a value counts too, because messages quote keys and certificates line by line. */
function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/);
  return [secret, secret.trim(), ...(lines.length > 1 ? lines : [])].flatMap((value) => encodings(value));
}

function encodings(value: string): readonly string[] {
  if (value.length < MIN_LENGTH) return [];
  const base64 = encodeBase64(value);
  const unpadded = base64.replace(/=+$/, "");
  const wellFormed = value.toWellFormed();
  const percent = encodeURIComponent(wellFormed);
  return [
    value,
    base64,
    unpadded,
    unpadded.replaceAll("+", "-").replaceAll("/", "_"),
    percent,
    percent.replaceAll("%20", "+"),
    encodeURI(wellFormed),
    JSON.stringify(value).slice(1, -1),
  ];
}
