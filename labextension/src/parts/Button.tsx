import type { LabIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';

interface ButtonProps {
  readonly children?: ReactNode;
  readonly icon?: LabIcon;
  /** What it does, where the button shows an icon alone, and as its tooltip. */
  readonly title?: string;
  readonly onClick: () => void;
  readonly kind?: 'plain' | 'accept' | 'warn' | 'quiet';
  /** Why it cannot be used now; shown as its tooltip. */
  readonly refusal?: string | undefined;
  readonly disabled?: boolean;
}

/** A button that says why it is disabled. */
export function Button({ children, icon, title, onClick, kind = 'plain', refusal, disabled = false }: ButtonProps) {
  const off = disabled || refusal !== undefined;
  const iconOnly = children === undefined;
  return (
    <button
      type="button"
      className={`jp-rf-Button jp-rf-mod-${kind}${iconOnly ? ' jp-rf-mod-icon' : ''}`}
      title={refusal ?? title}
      aria-label={iconOnly ? title : undefined}
      aria-disabled={off}
      onClick={() => {
        if (!off) onClick();
      }}
    >
      {icon && <icon.react tag="span" className="jp-rf-Button-icon" />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
