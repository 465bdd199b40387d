import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { formatRevision } from "../../lib/format.ts";
import { pipelinesQuery } from "../pipelines/queries.ts";
import { useWaitingForMe } from "../promotion/waiting-query.ts";
import { isFound } from "../settings/parts/find-in.ts";
import styles from "./command-palette.module.css";

interface PipelineItemsProps {
  readonly text: string;
  /** Closes the palette, then does what was chosen. */
  readonly onGo: (act: () => void) => void;
}

const shown = 5;

/** Pipelines by name, and promotions that wait for whoever looks. */
export function PipelineItems({ text, onGo }: PipelineItemsProps) {
  const navigate = useNavigate();
  const { data: pipelines = [] } = useQuery(pipelinesQuery);
  const found = pipelines.filter(({ name, namespace }) => isFound(text, [name, namespace])).slice(0, shown);
  const waiting = (useWaitingForMe() ?? [])
    .filter(({ name, spec }) => isFound(text, ["approve", name, spec.stage, spec.pipeline]))
    .slice(0, shown);
  return (
    <>
      {waiting.length > 0 && (
        <Command.Group heading="Waits for you" className={styles["group"]}>
          {waiting.map(({ namespace, name, spec }) => (
            <Command.Item
              key={`${namespace}/${name}`}
              value={`approve ${namespace}/${name}`}
              className={styles["item"]}
              onSelect={() =>
                onGo(() => void navigate({ to: "/promotions/$namespace/$name", params: { namespace, name } }))
              }
            >
              <span className="truncate">
                Approve {formatRevision(spec.revision)} for {spec.stage}
              </span>
              <span className={`muted ${styles["side"]}`}>{spec.pipeline}</span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
      {found.length > 0 && (
        <Command.Group heading="Pipelines" className={styles["group"]}>
          {found.map(({ namespace, name }) => (
            <Command.Item
              key={`${namespace}/${name}`}
              value={`pipeline ${namespace}/${name}`}
              className={styles["item"]}
              onSelect={() =>
                onGo(() => void navigate({ to: "/pipelines/$namespace/$name", params: { namespace, name } }))
              }
            >
              <span className="truncate">{name}</span>
              <span className={`muted ${styles["side"]}`}>{namespace}</span>
            </Command.Item>
          ))}
        </Command.Group>
      )}
    </>
  );
}
