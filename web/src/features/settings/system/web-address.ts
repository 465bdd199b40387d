/** An address that somebody configured, if it leads to the web; undefined for a script, a file or what is no address. */
export function webAddress(text: string | undefined): string | undefined {
  const url = URL.parse(text ?? "");
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url.href : undefined;
}
