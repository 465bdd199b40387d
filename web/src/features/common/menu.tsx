import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import styles from "./menu.module.css";

interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly onSelect: () => void;
  readonly isDisabled?: boolean;
  readonly isDanger?: boolean;
  /** Why it is disabled, or what it does. */
  readonly hint?: string | undefined;
}

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactNode;
  readonly items: readonly MenuItem[];
}

export function Menu({ trigger, items }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles["menu"]} align="end" sideOffset={4} collisionPadding={8}>
          {items.map(({ label, icon, onSelect, isDisabled = false, isDanger = false, hint }) => (
            <DropdownMenu.Item
              key={label}
              className={`${styles["item"]} ${isDanger ? styles["danger"] : ""}`}
              disabled={isDisabled}
              onSelect={onSelect}
              title={hint}
            >
              <span aria-hidden="true" className={styles["icon"]}>
                {icon}
              </span>
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
