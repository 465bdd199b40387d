import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleX } from "lucide-react";
import type { AnswerOf } from "../../../lib/api/index.ts";
import { placeOf, projectOf, throughOf } from "./explain.ts";
import styles from "./permissions.module.css";
import type { QuestionSearch } from "./question-search.ts";

interface AnswerProps {
  readonly asked: QuestionSearch;
  readonly answer: AnswerOf<"policy", "explain">;
}

/** Yes or no, and the line that says so. */
export function Answer({ asked, answer }: AnswerProps) {
  const { allowed = false, because, subject = "", groups = [] } = answer;
  const who = subject === "" ? (groups.length === 0 ? "Nobody in particular" : "Somebody") : subject;
  const inGroups = groups.length === 0 ? "" : ` in ${groups.join(", ")}`;
  const on = asked.object === undefined ? "" : ` ${asked.object}`;
  const project = because === undefined ? undefined : projectOf(because);
  const through = because === undefined ? undefined : throughOf(because, subject);
  return (
    <>
      <p className={`${styles["verdict"]} ${allowed ? styles["yes"] : styles["no"]}`}>
        {allowed ? <CircleCheck aria-hidden="true" /> : <CircleX aria-hidden="true" />}
        {allowed ? "Yes" : "No"}
      </p>
      <p>
        <strong>{who}</strong>
        {inGroups} {allowed ? "may" : "may not"} <strong>{asked.action}</strong> {asked.resource}
        {on}.
      </p>
      {because === undefined ? (
        <p className="muted">No line of the policy allows it, and what no line allows is refused.</p>
      ) : (
        <figure className={styles["line"]}>
          <figcaption>
            Because of{" "}
            {project === undefined ? (
              placeOf(because)
            ) : (
              <Link to="/settings/projects/$name" params={{ name: project }} search={{ tab: "roles" }}>
                {placeOf(because)}
              </Link>
            )}
          </figcaption>
          <pre>
            <code>{because.text}</code>
          </pre>
          {through !== undefined && <p className="muted">{through}</p>}
        </figure>
      )}
    </>
  );
}
