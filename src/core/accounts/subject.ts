import type { Capability } from "./account.ts";

/** Whom a token that the server signed stands for. */
export type Subject =
  | { readonly kind: "account"; readonly name: string; readonly capability: Capability }
  | { readonly kind: "project"; readonly project: string; readonly role: string };

const account = /^(?<name>[^:\s]+):(?<capability>login|apiKey)$/u;
const project = /^proj:(?<project>[^:\s]+):(?<role>[^:\s]+)$/u;

/** `<name>:login`, `<name>:apiKey` or `proj:<project>:<role>`; undefined for anything else. */
export function parseSubject(text: unknown): Subject | undefined {
  if (typeof text !== "string") return undefined;
  const role = project.exec(text)?.groups;
  if (role !== undefined) {
    return { kind: "project", project: role["project"] ?? "", role: role["role"] ?? "" };
  }
  const found = account.exec(text)?.groups;
  if (found === undefined) return undefined;
  const capability = found["capability"] === "login" ? "login" : "apiKey";
  return { kind: "account", name: found["name"] ?? "", capability };
}

export function formatSubject(subject: Subject): string {
  return subject.kind === "account"
    ? `${subject.name}:${subject.capability}`
    : `proj:${subject.project}:${subject.role}`;
}
