/** What is asked of the policy, as it stands in the address, so that an answer can be shown to somebody else. */
export interface QuestionSearch {
  /** Nobody in particular: about oneself. */
  readonly subject?: string;
  readonly groups?: readonly string[];
  readonly resource?: string;
  readonly action?: string;
  readonly object?: string;
}

export function parseQuestionSearch(search: Readonly<Record<string, unknown>>): QuestionSearch {
  const texts = (["subject", "resource", "action", "object"] as const).flatMap((name) => {
    const value = search[name];
    return typeof value === "string" && value !== "" ? [[name, value] as const] : [];
  });
  const given: readonly unknown[] = Array.isArray(search["groups"]) ? search["groups"] : [search["groups"]];
  const groups = given.filter((group) => typeof group === "string" && group !== "") as readonly string[];
  return { ...Object.fromEntries(texts), ...(groups.length === 0 ? {} : { groups }) };
}

/** Whether enough is there to ask. */
export function isQuestion({ resource, action }: QuestionSearch): boolean {
  return resource !== undefined && action !== undefined;
}
