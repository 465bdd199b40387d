/** Everything that the demo says goes through here; colours only on a terminal that wants them. */
const coloured = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;

function painted(code: number): (text: string) => string {
  return (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
}

export const bold = painted(1);
export const dim = painted(2);
export const green = painted(32);
export const cyan = painted(36);

export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** The heading of a step, with an empty line before it. */
export function heading(text: string): void {
  print(`\n${bold(text)}`);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
