import { useQuery } from "@tanstack/react-query";
import { Download, FileX, RefreshCw, SearchX, WifiOff } from "lucide-react";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { formatCount } from "../../../lib/format.ts";
import { Button, IconButton } from "../../common/button.tsx";
import { Failure, State } from "../../common/states.tsx";
import { isPod } from "../../application/resources/pods/group-pods.ts";
import { podsBelow } from "../below.ts";
import { liveQuery } from "../resource-queries.ts";
import type { TabProps } from "../tabs.tsx";
import { useMay } from "../../../lib/session.ts";
import { usePolicyName } from "../../application/use-may-do.ts";
import type { LogLine } from "./log-buffer.ts";
import { LogControls } from "./log-controls.tsx";
import { LogLines } from "./log-lines.tsx";
import type { LogOptions } from "./log-options.ts";
import { containersOf, logRequest } from "./log-options.ts";
import styles from "./logs-tab.module.css";
import type { Logs } from "./use-logs.ts";
import { useLogs } from "./use-logs.ts";
import type { LogLook } from "./use-log-look.ts";
import { useLogLook } from "./use-log-look.ts";

/** The server reads no more Pods at a time, unless it is told to. */
const maxPods = 10;

/** The logs of a Pod, or of all Pods of what runs them. */
export function LogsTab({ app, resource, resources }: TabProps) {
  const may = useMay("logs", "get", usePolicyName(app));
  const pods = useMemo(() => podsBelow(resources, resource.key), [resources, resource.key]);
  const [options, setOptions] = useState<LogOptions>({
    pod: pods.length > maxPods ? (pods[0]?.name ?? "") : "",
    container: "",
    isFollowed: true,
    isPrevious: false,
    sinceSeconds: 0,
    tailLines: 1_000,
  });
  const template = pods.find(({ name }) => name === options.pod) ?? pods[0] ?? resource;
  const { data: live } = useQuery(liveQuery({ app, resource: template }));
  const containers = containersOf(live ?? undefined);
  const container = containers.includes(options.container) ? options.container : (containers[0] ?? "");
  if (may === false)
    return (
      <State icon={<FileX />} title="You may not read logs">
        The policy needs the permission <code>logs, get</code> for this application.
      </State>
    );
  // Of a Pod with several containers one has to be named.
  if (live === undefined) return null;
  const { name = "", namespace = "" } = app.metadata ?? {};
  const request = logRequest({
    application: { name, namespace },
    resource,
    options: { ...options, container },
  });
  return (
    <Reader
      key={JSON.stringify(request)}
      request={JSON.stringify(request)}
      title={options.pod === "" ? resource.name : options.pod}
      hasPods={!isPod(resource) && options.pod === ""}
      controls={(look) => (
        <LogControls
          look={look}
          options={{ ...options, container }}
          pods={isPod(resource) ? [] : pods}
          containers={containers}
          onChange={setOptions}
        />
      )}
    />
  );
}

interface ReaderProps {
  readonly request: string;
  readonly title: string;
  readonly hasPods: boolean;
  readonly controls: (look: LogLook) => ReactNode;
}

function Reader({ request, title, hasPods, controls }: ReaderProps) {
  const [attempt, setAttempt] = useState(0);
  const look = useLogLook();
  const logs = useLogs(request, attempt);
  const { lines, dropped, error } = logs;
  const again = (): void => setAttempt(attempt + 1);
  const shown = useMemo(() => {
    const wanted = look.filter.toLowerCase();
    return wanted === "" || !look.isNarrowed
      ? lines
      : lines.filter(({ text }) => text.toLowerCase().includes(wanted));
  }, [lines, look.filter, look.isNarrowed]);
  return (
    <>
      {controls(look)}
      {error !== undefined ? (
        <Failure error={error} onRetry={again} />
      ) : lines.length === 0 && logs.state === "ended" ? (
        <State icon={<FileX />} title="No lines" actions={<Button onClick={again}>Read again</Button>}>
          Nothing was written in that time.
        </State>
      ) : shown.length === 0 && lines.length > 0 ? (
        <State icon={<SearchX />} title="No line has this text">
          Upper and lower case count as the same.
        </State>
      ) : (
        <LogLines
          lines={shown}
          filter={look.filter}
          hasTimes={look.hasTimes}
          hasPods={hasPods}
          wraps={look.wraps}
        />
      )}
      <div className={styles["foot"]}>
        <span className={`muted ${styles["state"]}`} role="status">
          <StateOf logs={logs} />
          {shown.length === lines.length
            ? formatCount(lines.length, "line")
            : `${shown.length.toLocaleString("en")} of ${formatCount(lines.length, "line")}`}
          {dropped > 0 && `, older ones were dropped`}
        </span>
        <span className={styles["buttons"]}>
          <IconButton label="Read again from the beginning" size="small" onClick={again}>
            <RefreshCw />
          </IconButton>
          <IconButton
            label="Download these lines"
            size="small"
            disabled={shown.length === 0}
            onClick={() => download(`${title}.log`, textOf(shown, look.hasTimes, hasPods))}
          >
            <Download />
          </IconButton>
        </span>
      </div>
    </>
  );
}

function StateOf({ logs: { state } }: { readonly logs: Logs }) {
  if (state === "opening") return <>Reading… </>;
  if (state === "ended") return <>The end was reached. </>;
  if (state === "open") return null;
  return (
    <span className={styles["lost"]}>
      <WifiOff aria-hidden="true" /> Connecting again…
    </span>
  );
}

function textOf(lines: readonly LogLine[], hasTimes: boolean, hasPods: boolean): string {
  return lines
    .map(({ time, pod, text }) => `${hasTimes ? `${time} ` : ""}${hasPods ? `${pod} ` : ""}${text}\n`)
    .join("");
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
