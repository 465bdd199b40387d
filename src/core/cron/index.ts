/**
 * Schedules as robfig/cron reads them, which Argo CD and Kubernetes use. Everything is counted in minutes of a calendar without time
 * zone; whoever asks says what the clocks show.
 */
export { dayNumber } from "./calendar.ts";
export type { Cron } from "./cron.ts";
export { parseCron } from "./cron.ts";
export { lastFire, nextFire } from "./fires.ts";
export { parseTime } from "./parse-time.ts";
