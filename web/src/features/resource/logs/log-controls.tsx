import { Clock, ListFilter, Search, TextWrap } from "lucide-react";
import { IconButton } from "../../common/button.tsx";
import { Checkbox } from "../../common/field.tsx";
import type { Resource } from "../../application/resources/describe-resources.ts";
import type { LogOptions } from "./log-options.ts";
import styles from "./logs-tab.module.css";
import type { LogLook } from "./use-log-look.ts";

interface LogControlsProps {
  readonly look: LogLook;
  readonly options: LogOptions;
  /** To choose one of; empty where there is nothing to choose. */
  readonly pods: readonly Resource[];
  readonly containers: readonly string[];
  readonly onChange: (options: LogOptions) => void;
}

const sinces = [
  [0, "From the beginning"],
  [60, "Last minute"],
  [600, "Last 10 minutes"],
  [3_600, "Last hour"],
  [86_400, "Last day"],
] as const;

const tails = [100, 1_000, 5_000, 10_000] as const;

/** Which log is read, and how it is shown. */
export function LogControls({ look, options, pods, containers, onChange }: LogControlsProps) {
  const { filter, isNarrowed, wraps, hasTimes, change } = look;
  const { pod, container, isFollowed, isPrevious, sinceSeconds, tailLines } = options;
  return (
    <div className={styles["controls"]}>
      {pods.length > 0 && (
        <select
          aria-label="Pod"
          value={pod}
          onChange={(event) => onChange({ ...options, pod: event.target.value })}
        >
          <option value="">All {pods.length.toLocaleString("en")} Pods</option>
          {pods.map(({ key, name }) => (
            <option key={key} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      {containers.length > 1 && (
        <select
          aria-label="Container"
          value={container}
          onChange={(event) => onChange({ ...options, container: event.target.value })}
        >
          {containers.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label="Since"
        value={sinceSeconds}
        onChange={(event) => onChange({ ...options, sinceSeconds: Number(event.target.value) })}
      >
        {sinces.map(([value, title]) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
      <select
        aria-label="Lines"
        value={tailLines}
        onChange={(event) => onChange({ ...options, tailLines: Number(event.target.value) })}
      >
        {tails.map((value) => (
          <option key={value} value={value}>
            Last {value.toLocaleString("en")} lines{pods.length > 0 && pod === "" ? " of each" : ""}
          </option>
        ))}
      </select>
      <Checkbox
        label="Follow"
        isChecked={isFollowed && !isPrevious}
        isDisabled={isPrevious}
        onChange={(next) => onChange({ ...options, isFollowed: next })}
      />
      <Checkbox
        label="Previous run"
        isChecked={isPrevious}
        onChange={(next) => onChange({ ...options, isPrevious: next })}
      />
      <div className={styles["find"]}>
        <Search aria-hidden="true" />
        <input
          type="search"
          aria-label="Find in the log"
          placeholder="Find in the log"
          value={filter}
          onChange={(event) => change({ filter: event.target.value })}
        />
        <IconButton
          label="Only lines with the text"
          size="small"
          aria-pressed={isNarrowed}
          onClick={() => change({ isNarrowed: !isNarrowed })}
        >
          <ListFilter />
        </IconButton>
        <IconButton
          label="Wrap lines"
          size="small"
          aria-pressed={wraps}
          onClick={() => change({ wraps: !wraps })}
        >
          <TextWrap />
        </IconButton>
        <IconButton
          label="Times"
          size="small"
          aria-pressed={hasTimes}
          onClick={() => change({ hasTimes: !hasTimes })}
        >
          <Clock />
        </IconButton>
      </div>
    </div>
  );
}
