/** A key as messages show it: quoted when odd, cut when long. */
export function formatKey(key: string): string {
  const short = key.length > 80 ? `${key.slice(0, 80)}…` : key;
  return /^[\w./-]+$/.test(short) ? short : JSON.stringify(short);
}

/** A field path as messages show it: `spec.containers[0].image`. */
export function formatFieldPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path.length > 12 ? path.slice(0, 12) : path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[A-Za-z_]\w*$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${formatKey(step)}]`;
  }
  return path.length > 12 ? `${text}…` : text;
}
