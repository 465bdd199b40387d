/** Why the API server refuses an apply, in its words. Other than a conflict, which is an answer and not an error. */
export class ApplyError extends Error {
  override readonly name = "ApplyError";
  /** 400 for a request that is wrong in itself; 500, as the API server has it, for one that does not fit the schema. */
  readonly status: 400 | 500;

  constructor(message: string, status: 400 | 500, options?: { readonly cause: unknown }) {
    super(message, options);
    this.status = status;
  }
}
