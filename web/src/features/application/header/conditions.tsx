import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleAlert, CirclePause, TriangleAlert } from "lucide-react";
import { Button } from "../../common/button.tsx";
import { Ago, useNow } from "../../common/time.tsx";
import { tellError } from "../../common/toast.tsx";
import type { Application } from "../application-query.ts";
import { useRefresh } from "../use-refresh.ts";
import type { Remedy, ShownCondition } from "./condition-advice.ts";
import { conditionsOf } from "./condition-advice.ts";
import styles from "./header.module.css";
import { sayTimes } from "./phrases.ts";
import { usePlace } from "./placed.tsx";

/** What the page itself opens. */
type OnPage = Exclude<Remedy, "refresh" | "promotion">;

const icons = { bad: CircleAlert, warn: TriangleAlert, paused: CirclePause } as const;

const remedies: Readonly<Record<OnPage, string>> = {
  source: "Open the source",
  sync: "What it would do",
  progress: "Last sync",
};

interface ConditionsProps {
  readonly app: Application;
  readonly onRemedy: (remedy: OnPage) => void;
}

/** What is not as it should be, and what to do about it. */
export function Conditions({ app, onRemedy }: ConditionsProps) {
  const shown = conditionsOf(app);
  if (shown.length === 0) return null;
  return (
    <ul aria-label="Conditions" className={styles["conditions"]}>
      {shown.map((condition) => (
        <Condition
          key={`${condition.title} ${condition.message}`}
          app={app}
          condition={condition}
          onRemedy={onRemedy}
        />
      ))}
    </ul>
  );
}

function Condition({
  app,
  condition: { title, tone, message, advice, command, remedy, since },
  onRemedy,
}: ConditionsProps & { readonly condition: ShownCondition }) {
  const refresh = useMutation({ mutationFn: useRefresh(app), onError: tellError });
  const nowMs = useNow();
  const Icon = icons[tone];
  return (
    <li className={`${styles["condition"]} ${styles[tone]}`}>
      <Icon aria-hidden="true" />
      <div>
        <p>
          <strong>{title}</strong>{" "}
          <span className="muted">
            <Ago time={since} />
          </span>
        </p>
        <p className={styles["message"]}>{sayTimes(message, nowMs)}</p>
        {advice !== "" && <p className={styles["advice"]}>{advice}</p>}
        {command !== undefined && <code className={styles["command"]}>{command}</code>}
      </div>
      {remedy === "refresh" ? (
        <Button size="small" isBusy={refresh.isPending} onClick={() => refresh.mutate("normal")}>
          Compare again
        </Button>
      ) : remedy === "promotion" ? (
        <ToPromotion app={app} />
      ) : (
        remedy !== undefined && (
          <Button size="small" onClick={() => onRemedy(remedy)}>
            {remedies[remedy]}
          </Button>
        )
      )}
    </li>
  );
}

/** A promotion begins some moments after the condition. */
const askEveryMs = 5_000;

/** Leads to the promotion that is waited for, or to where one is asked for. */
function ToPromotion({ app }: Pick<ConditionsProps, "app">) {
  const place = usePlace(app, askEveryMs);
  if (place === undefined) return null;
  const { pipeline, stage } = place;
  const { namespace } = pipeline;
  const { active } = stage.status;
  return active === undefined ? (
    <Link to="/pipelines/$namespace/$name" params={{ namespace, name: pipeline.name }}>
      Pipeline {pipeline.name}
    </Link>
  ) : (
    <Link to="/promotions/$namespace/$name" params={{ namespace, name: active }}>
      {active}
    </Link>
  );
}
