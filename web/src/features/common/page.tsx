import { useEffect } from "react";
import type { ReactNode } from "react";
import styles from "./page.module.css";

interface PageProps {
  /** Of the browser's tab too, unless `tab` says another. */
  readonly title: ReactNode;
  readonly tab: string;
  /** Above the title: where one is. */
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** What every page has: a title, what can be done, and the rest. */
export function Page({ title, tab, above, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${tab} · Mooring`;
  }, [tab]);
  return (
    <main className={styles["page"]} id="main" tabIndex={-1}>
      <header className={styles["head"]}>
        <div className={styles["titles"]}>
          {above !== undefined && <div className={styles["above"]}>{above}</div>}
          <h1>{title}</h1>
        </div>
        {actions !== undefined && <div className={styles["actions"]}>{actions}</div>}
      </header>
      {children}
    </main>
  );
}

interface CardProps {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, actions, children }: CardProps) {
  return (
    <section className={styles["card"]}>
      {(title !== undefined || actions !== undefined) && (
        <header className={styles["cardHead"]}>
          <h2>{title}</h2>
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}
