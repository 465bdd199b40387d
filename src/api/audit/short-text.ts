const maxLength = 256;

/** What somebody sent, of a length that records have room for, and without what would act on a terminal. */
export function shortText(text: string): string {
  const plain = text.slice(0, maxLength + 1).replaceAll(/\p{C}/gu, "?");
  return plain.length > maxLength ? `${plain.slice(0, maxLength)}…` : plain;
}
