/** What the templates of an ImageAutomation may name. */
const names = ["Automation", "Namespace", "Image", "Tag", "Images", "Changes"] as const;

export type TemplateValues = Readonly<Record<(typeof names)[number], string>>;

const placeholder = /\{\{-?\s*(?<inner>[^{}]*?)\s*-?\}\}/gu;

/** What is wrong with a template and the fix; undefined for a good one. */
export function parseTemplate(text: string): string | undefined {
  for (const { groups } of text.matchAll(placeholder)) {
    const inner = groups?.["inner"] ?? "";
    if (nameOf(inner) === undefined)
      return `{{ ${inner} }} is not known; use ${names.map((name) => `{{ .${name} }}`).join(", ")}`;
  }
  if (!text.replaceAll(placeholder, "").includes("{{")) return undefined;
  return "has a {{ that no }} ends; write {{ .Images }}, or leave it out";
}

/** A good template with the values in the places of their names. */
export function fillTemplate(text: string, values: TemplateValues): string {
  return text.replaceAll(placeholder, (whole, inner: string) => {
    const name = nameOf(inner);
    return name === undefined ? whole : values[name];
  });
}

function nameOf(inner: string): (typeof names)[number] | undefined {
  return names.find((name) => inner === `.${name}`);
}
