interface CommandPlace {
  readonly file?: string | undefined;
  readonly line?: number | string | undefined;
  readonly title?: string | undefined;
}

/** A workflow command of GitHub Actions that marks a line of a change; nothing in it can begin another command. */
export function formatWorkflowCommand(level: "error" | "warning", place: CommandPlace, text: string): string {
  const { file, line, title } = place;
  const properties = Object.entries({ file, line, title }).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return `::${level} ${properties.join(",")}::${escapeData(text)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
