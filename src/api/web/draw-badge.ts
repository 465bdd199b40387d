import { escapeMarkup } from "./answer.ts";

/** One field of a badge. */
export interface BadgeField {
  readonly text: string;
  readonly color: string;
}

export interface BadgeLook {
  /** Above the fields; empty for none. */
  readonly title: string;
  /** From left to right. */
  readonly fields: readonly BadgeField[];
  /** In pixels; undefined for as wide as the text needs. */
  readonly width: number | undefined;
}

const lineHeight = 20;
const letterWidth = 7;
const padding = 14;

/** A badge as SVG, with nothing in it but shapes and text. */
export function drawBadge({ title, fields, width }: BadgeLook): string {
  const natural = fields.map(({ text }) => text.length * letterWidth + padding);
  const needed = Math.max(
    natural.reduce((sum, one) => sum + one, 0),
    title.length * letterWidth + (title === "" ? 0 : padding),
  );
  const total = width === undefined ? needed : Math.max(width, needed);
  const stretched = total / natural.reduce((sum, one) => sum + one, 0);
  const top = title === "" ? 0 : lineHeight;
  let left = 0;
  const drawn = fields.map(({ text, color }, i) => {
    const wide = Math.round((natural[i] ?? 0) * stretched);
    const shape = rectangle({ left, top, wide, color, text });
    left += wide;
    return shape;
  });
  const label = escapeMarkup([title, ...fields.map(({ text }) => text)].filter(Boolean).join(" "));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${total}" height="${top + lineHeight}" role="img" aria-label="${label}">`,
    ...(title === "" ? [] : [rectangle({ left: 0, top: 0, wide: total, color: "#131928", text: title })]),
    ...drawn,
    "</svg>",
  ].join("");
}

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly wide: number;
  readonly color: string;
  readonly text: string;
}

function rectangle({ left, top, wide, color, text }: Rectangle): string {
  const font = 'font-family="Verdana,Geneva,sans-serif" font-size="11" fill="#fff" text-anchor="middle"';
  return `<rect x="${left}" y="${top}" width="${wide}" height="${lineHeight}" fill="${color}"/><text x="${left + wide / 2}" y="${top + 14}" ${font}>${escapeMarkup(text)}</text>`;
}
