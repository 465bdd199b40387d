import { useQueries } from "@tanstack/react-query";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { useState } from "react";
import { IconButton } from "../../common/button.tsx";
import { Menu } from "../../common/menu.tsx";
import type { Wanted } from "./guarded-button.tsx";
import { mayQuery, refusalOf } from "./guarded-button.tsx";

interface RowAction {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onSelect: () => void;
  readonly isDanger?: boolean;
  readonly wants: Wanted;
  /** Why it cannot be done whoever asks. */
  readonly problem?: string | undefined;
}

interface RowMenuProps {
  /** What the actions are about, read aloud. */
  readonly name: string;
  readonly actions: readonly RowAction[];
}

/** What can be done with one row. The policy is asked when somebody comes near, not for each row of a long list. */
export function RowMenu({ name, actions }: RowMenuProps) {
  const [isNear, setNear] = useState(false);
  const answers = useQueries({
    queries: actions.map(({ wants }) => ({ ...mayQuery(wants), enabled: isNear })),
  });
  const come = (): void => setNear(true);
  return (
    <Menu
      trigger={
        <IconButton label={`Actions for ${name}`} size="small" onPointerEnter={come} onFocus={come}>
          <Ellipsis />
        </IconButton>
      }
      items={actions.map(({ wants, problem, ...action }, i) => {
        const isRefused = answers[i]?.data?.value === "no";
        const hint = problem ?? (isRefused ? refusalOf(wants) : undefined);
        return { ...action, isDisabled: hint !== undefined, hint };
      })}
    />
  );
}
