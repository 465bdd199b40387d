import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import type { ReactNode } from "react";
import { Page } from "../../common/page.tsx";
import styles from "./settings-frame.module.css";

interface SettingsFrameProps {
  readonly title: string;
  /** How many there are, beside the title. */
  readonly count?: number | undefined;
  /** One sentence: what this is for. */
  readonly about?: ReactNode;
  /** What stands between the settings and this page. */
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of the settings, with the way back to all of them. */
export function SettingsFrame({ title, count, about, above, actions, children }: SettingsFrameProps) {
  return (
    <Page
      tab={title}
      title={
        <>
          {title} {count !== undefined && <span className="muted">{count.toLocaleString("en")}</span>}
        </>
      }
      above={
        <nav aria-label="Where this is" className={styles["way"]}>
          <Link to="/settings">Settings</Link>
          {above !== undefined && <span aria-hidden="true">/</span>}
          {above}
        </nav>
      }
      actions={actions}
    >
      <div className={styles["content"]}>
        {about !== undefined && <p className={styles["about"]}>{about}</p>}
        {children}
      </div>
    </Page>
  );
}

interface FindBoxProps {
  /** What is looked through: `repositories`. */
  readonly what: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Narrows a list that is on the page already. */
export function FindBox({ what, text, onChange }: FindBoxProps) {
  return (
    <div className={styles["find"]}>
      <Search aria-hidden="true" />
      <input
        type="search"
        aria-label={`Find ${what}`}
        placeholder={`Find ${what}`}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
