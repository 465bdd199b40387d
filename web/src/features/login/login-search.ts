export interface LoginSearch {
  /** The page to go to afterwards, below this server. */
  readonly back?: string;
  /** True when a session ended while it was used. */
  readonly ended?: boolean;
}

export function parseLoginSearch(search: Readonly<Record<string, unknown>>): LoginSearch {
  const { back, ended } = search;
  return {
    ...(typeof back === "string" && isOwn(back) ? { back } : {}),
    ...(ended === true ? { ended } : {}),
  };
}

/** A path, and no address elsewhere: browsers take a second slash, or a backslash, for the beginning of a host. */
function isOwn(back: string): boolean {
  return /^\/(?![/\\])/u.test(back) && !back.includes("\\");
}
