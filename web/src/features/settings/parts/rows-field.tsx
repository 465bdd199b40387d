import { Plus, X } from "lucide-react";
import { useId } from "react";
import type { ReactNode } from "react";
import { Button, IconButton } from "../../common/button.tsx";
import styles from "./forms.module.css";

type TextRow = Readonly<Record<string, string>>;

export interface RowColumn {
  readonly key: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly suggestions?: readonly string[] | undefined;
  /** Nothing but one of these can be taken. */
  readonly options?: readonly string[];
}

interface RowsFieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly columns: readonly RowColumn[];
  readonly rows: readonly TextRow[];
  readonly onChange: (rows: readonly TextRow[]) => void;
  /** What one row is, such as `destination`. */
  readonly one: string;
  /** What it means that there is no row. */
  readonly none?: string;
  /** What a new row begins with. */
  readonly fresh?: TextRow;
}

/** A list whose items have a few texts each: destinations, kinds, keys. */
export function RowsField({
  label,
  hint,
  error,
  columns,
  rows,
  onChange,
  one,
  none,
  fresh = {},
}: RowsFieldProps) {
  const id = useId();
  const put = (index: number, key: string, value: string): void =>
    onChange(rows.map((row, i) => (i === index ? { ...row, [key]: value } : row)));
  return (
    <fieldset className={styles["rows"]} aria-describedby={hint === undefined ? undefined : `${id}-hint`}>
      <legend className={styles["legend"]}>{label}</legend>
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles["hint"]}>
          {hint}
        </p>
      )}
      {rows.length === 0 && none !== undefined && <p className="muted">{none}</p>}
      {rows.map((row, index) => (
        // Rows have no names of their own, and change while one types.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className={styles["row"]}>
          {columns.map((column) => (
            <span key={column.key} className={styles["cell"]}>
              <Cell
                column={column}
                name={`${column.label}, ${one} ${index + 1}`}
                hasTitle={columns.length > 1}
                listId={`${id}-${column.key}`}
                value={row[column.key] ?? ""}
                onChange={(value) => put(index, column.key, value)}
              />
            </span>
          ))}
          <IconButton
            label={`Remove ${one} ${index + 1}`}
            size="small"
            onClick={() => onChange(rows.filter((_, i) => i !== index))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      {columns.map(
        ({ key, suggestions }) =>
          suggestions !== undefined && (
            <datalist key={key} id={`${id}-${key}`}>
              {suggestions.map((text) => (
                <option key={text}>{text}</option>
              ))}
            </datalist>
          ),
      )}
      <div>
        <Button size="small" icon={<Plus />} onClick={() => onChange([...rows, fresh])}>
          Add {one}
        </Button>
      </div>
      {error !== undefined && <p className={styles["error"]}>{error}</p>}
    </fieldset>
  );
}

interface CellProps {
  readonly column: RowColumn;
  readonly name: string;
  readonly hasTitle: boolean;
  readonly listId: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Cell({ column, name, hasTitle, listId, value, onChange }: CellProps) {
  const { label, placeholder, suggestions, options } = column;
  const title = hasTitle ? label : undefined;
  if (options !== undefined) {
    const all = options.includes(value) ? options : [value, ...options];
    return (
      <select
        aria-label={name}
        title={title}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {all.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  return (
    <input
      aria-label={name}
      placeholder={placeholder ?? label}
      title={title}
      value={value}
      spellCheck={false}
      autoComplete="off"
      list={suggestions === undefined ? undefined : listId}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface ListFieldProps extends Omit<RowsFieldProps, "columns" | "rows" | "onChange" | "fresh"> {
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly placeholder?: string;
  readonly suggestions?: readonly string[] | undefined;
}

/** A list of texts. */
export function ListField({ values, onChange, placeholder, suggestions, ...rest }: ListFieldProps) {
  const column = {
    key: "text",
    label: rest.label,
    ...(placeholder === undefined ? {} : { placeholder }),
    suggestions,
  };
  return (
    <RowsField
      {...rest}
      columns={[column]}
      rows={values.map((text) => ({ text }))}
      onChange={(rows) => onChange(rows.map(({ text = "" }) => text))}
    />
  );
}
