import { dateOf, dayNumber, weekdayOf } from "./calendar.ts";
import type { Cron } from "./cron.ts";

const minutesOfDay = 1_440;
/** A leap day and the next one are at most eight years apart. */
const searchedDays = 9 * 366;

/** The first minute at or after one, counted from 1 January 1970, at which the schedule fires. */
export function nextFire(cron: Cron, from: number): number | undefined {
  const day = Math.floor(from / minutesOfDay);
  if (matchesDay(cron, day)) {
    const time = timeFrom(cron, from - day * minutesOfDay);
    if (time !== undefined) return day * minutesOfDay + time;
  }
  const next = findDay(cron, day + 1, 1);
  return next === undefined ? undefined : next * minutesOfDay + (timeFrom(cron, 0) ?? 0);
}

/** The last minute at or before one at which the schedule fires. */
export function lastFire(cron: Cron, at: number): number | undefined {
  const day = Math.floor(at / minutesOfDay);
  if (matchesDay(cron, day)) {
    const time = timeUpTo(cron, at - day * minutesOfDay);
    if (time !== undefined) return day * minutesOfDay + time;
  }
  const last = findDay(cron, day - 1, -1);
  return last === undefined ? undefined : last * minutesOfDay + (timeUpTo(cron, minutesOfDay - 1) ?? 0);
}

function matchesDay(cron: Cron, day: number): boolean {
  const date = dateOf(day);
  if (!cron.months.has(date.month)) return false;
  const inMonth = cron.daysOfMonth.has(date.day);
  const inWeek = cron.weekdays.has(weekdayOf(day));
  return cron.eitherDay ? inMonth || inWeek : inMonth && inWeek;
}

/** The nearest day that matches, forwards or backwards, a day included; months that the schedule leaves out are leapt over. */
function findDay(cron: Cron, from: number, step: 1 | -1): number | undefined {
  let day = from;
  while (Math.abs(day - from) <= searchedDays) {
    const { year, month } = dateOf(day);
    if (cron.months.has(month)) {
      if (matchesDay(cron, day)) return day;
      day += step;
    } else {
      day = step > 0 ? dayNumber({ year, month: month + 1, day: 1 }) : dayNumber({ year, month, day: 1 }) - 1;
    }
  }
  return undefined;
}

function timeFrom({ hours, minutes }: Cron, time: number): number | undefined {
  const hour = Math.floor(time / 60);
  if (hours.includes(hour)) {
    const minute = minutes.find((one) => one >= time % 60);
    if (minute !== undefined) return hour * 60 + minute;
  }
  const later = hours.find((one) => one > hour);
  return later === undefined ? undefined : later * 60 + (minutes[0] ?? 0);
}

function timeUpTo({ hours, minutes }: Cron, time: number): number | undefined {
  const hour = Math.floor(time / 60);
  if (hours.includes(hour)) {
    const minute = minutes.findLast((one) => one <= time % 60);
    if (minute !== undefined) return hour * 60 + minute;
  }
  const earlier = hours.findLast((one) => one < hour);
  return earlier === undefined ? undefined : earlier * 60 + (minutes.at(-1) ?? 0);
}
