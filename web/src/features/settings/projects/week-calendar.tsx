import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { findZone, windowSpans } from "../../../lib/shared.ts";
import { Button, IconButton } from "../../common/button.tsx";
import { Card } from "../../common/page.tsx";
import { useNow } from "../../common/time.tsx";
import type { Day } from "./week.ts";
import { layOutWeek, momentOf, weekOf } from "./week.ts";
import styles from "./week-calendar.module.css";
import type { PlacedWindow } from "./windows-tab.tsx";

const weekMs = 7 * 86_400_000;
const minutesOfDay = 1_440;
const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
const hours = [0, 6, 12, 18, 24];

const dayFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** A week of sync windows: a strip for each day, and in it a bar for each time that a window is open. */
export function WeekCalendar({ windows }: { readonly windows: readonly PlacedWindow[] }) {
  const [zoneName, setZoneName] = useState(local);
  const [weeks, setWeeks] = useState(0);
  const nowMs = useNow();
  const zone = findZone(zoneName) ?? findZone("UTC");
  if (zone === undefined) throw new Error("there is no UTC");
  const firstWallMs = weekOf(nowMs, zone) + weeks * weekMs;
  const range = { fromMs: momentOf(firstWallMs, zone), toMs: momentOf(firstWallMs + weekMs, zone) };
  const laid = windows.map((one) => {
    const found = windowSpans(one.window, range);
    const spans = "problems" in found ? [] : found.spans;
    return {
      one,
      days: layOutWeek(spans, firstWallMs, zone),
      isCutOff: !("problems" in found) && found.isCutOff,
    };
  });
  const nowWallMs = nowMs + zone.offsetAt(nowMs);
  const zones = [...new Set([local, "UTC", ...windows.map(({ window }) => window.timeZone ?? "UTC")])];
  const cut = laid.filter(({ isCutOff }) => isCutOff);
  return (
    <Card
      title={`Week of ${dayFormat.format(firstWallMs)}`}
      actions={
        <div className={styles["tools"]}>
          <select
            aria-label="Clocks of"
            value={zoneName}
            onChange={(event) => setZoneName(event.target.value)}
          >
            {zones
              .filter((name) => findZone(name) !== undefined && name !== "")
              .map((name) => (
                <option key={name} value={name}>
                  {name === local ? `${name} (here)` : name}
                </option>
              ))}
          </select>
          <Button size="small" disabled={weeks === 0} onClick={() => setWeeks(0)}>
            This week
          </Button>
          <IconButton label="The week before" size="small" onClick={() => setWeeks(weeks - 1)}>
            <ChevronLeft />
          </IconButton>
          <IconButton label="The week after" size="small" onClick={() => setWeeks(weeks + 1)}>
            <ChevronRight />
          </IconButton>
        </div>
      }
    >
      <div className={styles["calendar"]}>
        <div className={styles["hours"]} aria-hidden="true">
          {hours.map((hour) => (
            <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
              {hour}
            </span>
          ))}
        </div>
        <ol className={styles["days"]}>
          {Array.from({ length: 7 }, (_, i) => {
            const wallMs = firstWallMs + i * 86_400_000;
            const lanes = laid.flatMap(({ one, days }) => {
              const day = days[i];
              return day === undefined || day.blocks.length === 0 ? [] : [{ one, day }];
            });
            return <DayStrip key={wallMs} wallMs={wallMs} lanes={lanes} nowWallMs={nowWallMs} />;
          })}
        </ol>
        {cut.length > 0 && (
          <p className={styles["note"]}>
            {cut.map(({ one: { window } }) => window.schedule).join(", ")}: opens too often to be drawn for
            the whole week.
          </p>
        )}
        <p className={styles["legend"]}>
          <span className={styles["allow"]} /> allow: synced only while one is open
          <span className={styles["deny"]} /> deny: not synced while one is open
        </p>
      </div>
    </Card>
  );
}

interface Lane {
  readonly one: PlacedWindow;
  readonly day: Day;
}

interface DayStripProps {
  readonly wallMs: number;
  readonly lanes: readonly Lane[];
  readonly nowWallMs: number;
}

function DayStrip({ wallMs, lanes, nowWallMs }: DayStripProps) {
  const nowMinute = (nowWallMs - wallMs) / 60_000;
  const isToday = nowMinute >= 0 && nowMinute < minutesOfDay;
  return (
    <li className={styles["day"]}>
      <span className={isToday ? styles["today"] : styles["name"]}>{dayFormat.format(wallMs)}</span>
      <div className={styles["strip"]}>
        {lanes.length === 0 && <span className="visually-hidden">no window is open</span>}
        {lanes.map(({ one, day }) => (
          <div key={`${one.from ?? ""}/${one.index}`} className={styles["lane"]}>
            {day.blocks.map(({ fromMinute, toMinute, span }) => (
              <span
                key={span.startMs}
                className={`${styles["block"]} ${one.window.kind === "allow" ? styles["allow"] : styles["deny"]}`}
                style={{
                  left: `${(fromMinute / minutesOfDay) * 100}%`,
                  width: `${((toMinute - fromMinute) / minutesOfDay) * 100}%`,
                }}
                title={`${nameOf(one)}, ${clock(fromMinute)}–${clock(toMinute)}`}
              >
                <span className={styles["text"]}>
                  <span className="visually-hidden">
                    {clock(fromMinute)} to {clock(toMinute)}:{" "}
                  </span>
                  {nameOf(one)}
                </span>
              </span>
            ))}
          </div>
        ))}
        {isToday && (
          <span
            className={styles["now"]}
            style={{ left: `${(nowMinute / minutesOfDay) * 100}%` }}
            title="Now"
          />
        )}
      </div>
    </li>
  );
}

function nameOf({ window: { kind = "", description = "", schedule = "" }, from }: PlacedWindow): string {
  const what = description === "" ? schedule : description;
  return `${kind} ${what}${from === undefined ? "" : ` (${from})`}`;
}

/** A minute of the day as clocks show it. */
function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
