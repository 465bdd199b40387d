import { compare, hash } from "bcryptjs";

/** What Argo CD's own passwords cost: some 50 ms of one processor. */
const cost = 10;

/** bcrypt looks at no more of a password than this many bytes. */
export const maxPasswordBytes = 72;

/** The bcrypt hash of a password that is not longer than `maxPasswordBytes`, as `argocd-secret` keeps it. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password, cost);
}

/** Whether a password is the one of a bcrypt hash. */
export async function isPassword(password: string, hashed: string): Promise<boolean> {
  return await compare(password, hashed);
}
