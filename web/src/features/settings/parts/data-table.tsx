import type { ReactNode } from "react";
import { useState } from "react";
import { Button } from "../../common/button.tsx";
import styles from "../../common/table.module.css";

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** `shrink` takes no more than it needs; `end` is for buttons, and its name is only read aloud. */
  readonly look?: "shrink" | "end";
}

interface DataTableProps<Row> {
  /** Read aloud: what the rows are. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Draws all rows: whoever gives them hands them out by pages already. */
  readonly isWhole?: boolean;
}

/** Rows that are drawn at first, and more with each click. */
const step = 100;

/** A table whose rows become cards where there is no room for columns. */
export function DataTable<Row>({ label, columns, rows, keyOf, isWhole = false }: DataTableProps<Row>) {
  const [asked, setShown] = useState(step);
  const shown = isWhole ? rows.length : asked;
  return (
    <div className={styles["frame"]}>
      <table
        className={`${styles["table"]} ${styles["cards"]}`}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr>
            {columns.map(({ name, look }) => (
              <th
                key={name}

                scope="col"
                className={look === undefined ? "" : styles[look]}
              >
                {look === "end" ? <span className="visually-hidden">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, cell, look }) => (
                <td
                  key={name}

                  className={look === undefined ? "" : styles[look]}
                  data-name={look === "end" ? "" : name}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown && (
        <div className={styles["more"]}>
          <Button onClick={() => setShown(shown + step)}>
            Show {Math.min(step, rows.length - shown).toLocaleString("en")} more of{" "}
            {(rows.length - shown).toLocaleString("en")}
          </Button>
        </div>
      )}
    </div>
  );
}
