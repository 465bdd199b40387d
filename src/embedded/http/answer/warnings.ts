import type { Exchange } from "../exchange.ts";

const maxTotalBytes = 4096;
const maxTextBytes = 256;

/** `Warning: 299 - "text"` for everything that was warned of; long ones are cut when there are many, as by kube-apiserver. */
export function setWarnings({ response, warnings }: Exchange): void {
  if (warnings.length === 0) return;
  const texts = [...new Set(warnings)];
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  const shown = total <= maxTotalBytes ? texts : texts.map((text) => text.slice(0, maxTextBytes));
  const fitting = shown.slice(0, Math.max(1, Math.floor((4 * maxTotalBytes) / maxTextBytes)));
  response.setHeader(
    "warning",
    fitting.map((text) => `299 - "${escapeText(text)}"`),
  );
}

// Header values are bytes: UTF-8 that is written as Latin-1 arrives as UTF-8.
function escapeText(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, " ").replace(/["\\]/g, "\\$&");
  return Buffer.from(clean, "utf8").toString("latin1");
}
