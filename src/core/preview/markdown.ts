import type { DiffLine } from "#core/diff/index.ts";
import { parseObjectKey } from "#core/object/index.ts";
import type { AppPreview, ObjectChange, PreviewReport } from "./report.ts";
import { countChanges } from "./report.ts";

/** What GitHub takes as one comment; GitLab takes more. */
const maxMarkdownChars = 65_536;

/** Begins every comment, so that the next run finds it; forges do not show it. */
export function previewMarker(id: string): string {
  return `<!-- mooring-preview ${id.replaceAll(/[^\w./-]+/gu, "-")} -->`;
}

interface Markdown {
  /** Tells comments of several previews of one change apart. */
  readonly id?: string;
  readonly maxChars?: number;
}

const maxRows = 200;
const maxCell = 120;
const maxError = 1_000;
/** A cut difference shorter than this says nothing. */
const leastShown = 200;

/** The report for a comment, at most `maxChars` long: the summary whole, then the differences, the longest of them cut or left out. */
export function formatMarkdown(report: PreviewReport, options: Markdown = {}): string {
  const { id = "default", maxChars = maxMarkdownChars } = options;
  const summary = cut(summaryOf(report, id), maxChars - 200);
  const blocks = report.apps.flatMap((app) => app.objects.map((object) => ({ app, object })));
  const bodies = blocks.map(({ object }) => bodyOf(object.lines));
  const frames = blocks.map(({ app, object }) => frameOf(app, object, ""));
  const room = maxChars - summary.length - 200;
  const shares = shareOut(
    bodies.map((body, i) => body.length + (frames[i]?.length ?? 0) + fenceRoom),
    room,
  );
  let leftOut = 0;
  const shown = blocks.flatMap(({ app, object }, i) => {
    const share = (shares[i] ?? 0) - (frames[i]?.length ?? 0) - fenceRoom;
    const body = bodies[i] ?? "";
    if (share >= body.length) return [frameOf(app, object, body)];
    if (share >= leastShown) return [frameOf(app, object, cutLines(body, share))];
    leftOut += 1;
    return [];
  });
  const rest =
    leftOut === 0 ? "" : `\n**${leftOut} differences are left out here; run the preview to see them.**\n`;
  // Names may hold what moves a terminal's cursor or turns the direction of reading.
  return cut(`${summary}${shown.join("")}${rest}`, maxChars).replaceAll(/[^\n\t\P{C}]/gu, "?");
}

/** Fences grow with the backticks inside them, and a cut difference says so. */
const fenceRoom = 120;

/** Gives each what it needs as long as there is room, those who need most the same share of what is left. */
function shareOut(needs: readonly number[], room: number): readonly number[] {
  const shares = needs.map(() => 0);
  let left = room;
  const order = needs.map((need, i) => ({ need, i })).toSorted((a, b) => a.need - b.need);
  for (const [place, { need, i }] of order.entries()) {
    const share = Math.min(need, Math.floor(left / (order.length - place)));
    const given = share === need || share > leastShown + fenceRoom ? share : 0;
    shares[i] = given;
    left -= given;
  }
  return shares;
}

function summaryOf(report: PreviewReport, id: string): string {
  const { apps, base, head, total, notes } = report;
  const differing = apps.filter(({ change }) => change !== "unchanged" && change !== "failed").length;
  const failed = apps.filter(({ change }) => change === "failed");
  const title = `### ${differing} of ${total} applications change`;
  const range = `\`${base.slice(0, 12)}\` → \`${head.slice(0, 12)}\``;
  const failing = failed.length === 0 ? "" : `, **${failed.length} cannot be rendered**`;
  const shown = apps.slice(0, maxRows);
  const more = apps.length > maxRows ? `\n\n…and ${apps.length - maxRows} more applications.` : "";
  const table =
    apps.length === 0
      ? ""
      : `\n\n| application | | added | changed | removed |\n| --- | --- | --- | --- | --- |\n${shown.map(rowOf).join("\n")}${more}`;
  const errors = failed
    .slice(0, 20)
    .map((app) => `\n- ${code(app.name)}: ${code(cut(app.error ?? "", maxError))}`);
  const remarks = notes.slice(0, 20).map((note) => `\n- ${code(cut(note, 300))}`);
  const list = errors.length + remarks.length === 0 ? "" : `\n${[...errors, ...remarks].join("")}`;
  return `${previewMarker(id)}\n${title}\n\n${range}${failing}${table}${list}\n`;
}

function rowOf(app: AppPreview): string {
  const { added, changed, removed } = countChanges(app.objects);
  return `| ${code(cut(app.name, maxCell))} | ${app.change} | ${added} | ${changed} | ${removed} |`;
}

function frameOf(app: AppPreview, { change, key }: ObjectChange, body: string): string {
  const { kind, namespace, name } = parseObjectKey(key);
  const object = `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  const title = `${html(cut(app.name, maxCell))}: ${html(cut(object, maxCell))} ${change}`;
  return `\n<details><summary>${title}</summary>\n\n${fence}diff\n${body}\n${fence}\n\n</details>\n`;
}

function bodyOf(lines: readonly DiffLine[]): string {
  const signs = { context: " ", added: "+", removed: "-", hunk: "" } as const;
  return lines.map(({ kind, text }) => `${signs[kind]}${text}`).join("\n");
}

function cutLines(body: string, room: number): string {
  const lines = body.split("\n");
  let used = 0;
  const end = lines.findIndex((line) => (used += line.length + 1) > room);
  const kept = lines.slice(0, Math.max(0, end));
  return [...kept, `… ${lines.length - kept.length} more lines`].join("\n");
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
}

/** In a table and in a list, where it can be neither markup nor a mention of somebody. */
function code(text: string): string {
  const plain = text.replaceAll(/[`\s]+/gu, " ").replaceAll("|", "\\|");
  return `\`${plain}\``;
}

function html(text: string): string {
  const plain = text.replaceAll(/\s+/gu, " ").replaceAll("&", "&amp;");
  return `<code>${plain.replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("@", "&#64;")}</code>`;
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
