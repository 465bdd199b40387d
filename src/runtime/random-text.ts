import { randomInt } from "node:crypto";

/** A text of letters that nobody can foretell. */
export function randomText(length: number, letters: string): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)] ?? "").join("");
}
