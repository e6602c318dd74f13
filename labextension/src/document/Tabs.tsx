import type { KeyboardEvent, ReactNode } from 'react';

export interface TabItem<T extends string> {
  readonly id: T;
  readonly title: string;
  /** A number beside the title. */
  readonly badge?: number | undefined;
}

interface TabsProps<T extends string> {
  readonly name: string;
  readonly prefix: string;
  readonly items: readonly TabItem<T>[];
  readonly current: T;
  readonly onChange: (tab: T) => void;
  /** Beside the tabs. */
  readonly children?: ReactNode;
}

/** A row of tabs as the ARIA practices describe it: one in the tab order, arrows between them, down into the panel. */
export function Tabs<T extends string>({ name, prefix, items, current, onChange, children }: TabsProps<T>) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      document.getElementById(panelId(prefix))?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
      return;
    }
    const at = items.findIndex(({ id }) => id === current);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: items.length - 1 }[event.key];
    const next = to === undefined ? undefined : items[(to + items.length) % items.length];
    if (next === undefined) return;
    event.preventDefault();
    onChange(next.id);
    document.getElementById(tabId(prefix, next.id))?.focus();
  };
  return (
    <div className="jp-rf-TabBar">
      <div role="tablist" aria-label={name} onKeyDown={onKeyDown}>
        {items.map(({ id, title, badge }) => (
          <button
            key={id}
            id={tabId(prefix, id)}
            type="button"
            role="tab"
            className="jp-rf-Tab"
            aria-selected={id === current}
            aria-controls={panelId(prefix)}
            tabIndex={id === current ? 0 : -1}
            onClick={() => {
              onChange(id);
            }}
          >
            {title}
            {badge ? <span className="jp-rf-Badge">{badge}</span> : null}
          </button>
        ))}
      </div>
      <div className="jp-rf-TabBar-actions">{children}</div>
    </div>
  );
}

export function tabId(prefix: string, tab: string): string {
  return `${prefix}-tab-${tab}`;
}

export function panelId(prefix: string): string {
  return `${prefix}-panel`;
}
