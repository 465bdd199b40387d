/** One password for the thread: to be compared with a hash, or to be hashed when there is none. */
export interface PasswordJob {
  readonly password: string;
  readonly hash: string | undefined;
}

export type PasswordAnswer = { readonly matches: boolean } | { readonly hash: string };
