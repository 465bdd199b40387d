/** An address that a link may lead to: http or https; undefined for anything else that claims to be one. */
export function safeLink(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(text);
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url.href : undefined;
}
