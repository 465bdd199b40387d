/** An address from data, if it leads to the web; undefined for a script, a file or what is no address. */
export function webAddress(text: string | undefined): string | undefined {
  const url = URL.parse(text ?? "");
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url.href : undefined;
}

/** Whether a browser may follow an address that comes from data. */
export function isWebAddress(text: string | undefined): boolean {
  return webAddress(text) !== undefined;
}
