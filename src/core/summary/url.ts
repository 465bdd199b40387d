const maxUrlLength = 2048;

/**
 * True for a URL that may be shown as a link: http or https only, since `javascript:` would run in the reader's
 * session, and without a user name, since that is where passwords and look-alike hosts hide.
 */
export function isSafeUrl(url: string): boolean {
  return url.length <= maxUrlLength && /^https?:\/\/[A-Za-z0-9.\-_[\]:]+([/?#][^\s"'<>\\`|]*)?$/i.test(url);
}

/** A host as it stands in a URL: an IPv6 address in brackets. */
export function formatHost(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
