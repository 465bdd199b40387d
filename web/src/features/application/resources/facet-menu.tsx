import { Check, ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Button } from "../../common/button.tsx";
import styles from "./facet-menu.module.css";

interface FacetMenuProps {
  readonly title: string;
  /** Values with how many there are of each. */
  readonly counts: readonly (readonly [string, number])[];
  readonly chosen: ReadonlySet<string>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly onToggle: (value: string) => void;
  readonly onClear: () => void;
}

/** Chooses some values of many; none chosen leaves nothing out. */
export function FacetMenu({ title, counts, chosen, labels = {}, onToggle, onClear }: FacetMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button className={chosen.size > 0 ? (styles["chosen"] ?? "") : ""}>
          {chosen.size === 0 ? title : `${title}: ${[...chosen].map((one) => labels[one] ?? one).join(", ")}`}
          <ChevronDown aria-hidden="true" className={styles["arrow"]} />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles["menu"]} align="start" sideOffset={4} collisionPadding={8}>
          {counts.map(([value, count]) => (
            <DropdownMenu.CheckboxItem
              key={value}
              className={styles["item"]}
              checked={chosen.has(value)}
              onCheckedChange={() => onToggle(value)}
              onSelect={(event) => event.preventDefault()}
            >
              <span className={styles["box"]}>
                <DropdownMenu.ItemIndicator>
                  <Check aria-hidden="true" />
                </DropdownMenu.ItemIndicator>
              </span>
              <span className={styles["value"]}>{labels[value] ?? value}</span>
              <span className="muted">{count.toLocaleString("en")}</span>
            </DropdownMenu.CheckboxItem>
          ))}
          {chosen.size > 0 && (
            <DropdownMenu.Item className={`${styles["item"]} ${styles["all"]}`} onSelect={onClear}>
              Show all
            </DropdownMenu.Item>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
