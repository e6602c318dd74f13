import { useRef } from 'react';
import type { DatasetModel } from '../document/dataset-model.js';
import { useHost } from '../host.js';

/** What can be typed to find images, each line with an example that can be used at once. */
export function QueryHelp({ model }: { readonly model: DatasetModel }) {
  const { trans } = useHost();
  const box = useRef<HTMLDetailsElement>(null);
  const label = model.labels.get().value?.[0]?.name ?? 'WBC';
  const lines: readonly (readonly [string, string])[] = [
    [`label:${label.includes(' ') ? JSON.stringify(label) : label}`, trans.__('has this label')],
    ['split:train', trans.__('is in this split; split:none for none')],
    ['state:unlabeled', trans.__('also empty, labeled, reviewed')],
    ['tag:night', trans.__('has this tag')],
    ['objects:>5', trans.__('number of annotations: also <5, 5, 2..5')],
    ['size:640x480', trans.__('width and height; also width:>800, height:<600')],
    ['box:<32', trans.__('has a box smaller than a square of 32 px')],
    ['-tag:bad', trans.__('a minus leaves out what fits')],
    ['scan', trans.__('a part of the file name')],
  ];
  const close = () => box.current?.removeAttribute('open');
  return (
    <details
      ref={box}
      className="jp-rf-Help"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) close();
      }}
    >
      <summary className="jp-rf-Button jp-rf-mod-icon" aria-label={trans.__('What can be looked for')}>
        ?
      </summary>
      <dl className="jp-rf-Popover" tabIndex={-1}>
        {lines.map(([example, meaning]) => (
          <div key={example}>
            <dt>
              <button
                type="button"
                className="jp-rf-Link"
                onClick={() => {
                  model.find([model.typed.get().trim(), example].filter(Boolean).join(' '));
                  close();
                }}
              >
                {example}
              </button>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
