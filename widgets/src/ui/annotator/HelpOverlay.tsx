import { useEffect, useRef } from 'react';
import type { Editor } from '../../engine/editor.js';
import { ACTIONS, BINDINGS, type ActionId, type Binding } from '../../engine/keys.js';
import { allKeysOf, IconButton } from './IconButton.js';
import { useEditor } from './use-editor.js';

const GROUPS: readonly Binding['group'][] = ['Tools', 'Labels', 'Shapes', 'Edit', 'View', 'Images'];

/** Every key, as they are bound now. */
export function HelpOverlay({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const keymap = useEditor(editor, (state) => state.keymap);
  const dialog = useRef<HTMLDivElement>(null);
  useEffect(() => {
    dialog.current?.focus();
  }, []);
  return (
    <div
      className="rf-overlay"
      role="dialog"
      aria-label="Keys"
      aria-modal="true"
      tabIndex={-1}
      ref={dialog}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === '?') onClose();
        event.stopPropagation();
      }}
    >
      <div className="rf-overlay-head">
        <h4 className="rf-heading">Keys</h4>
        <IconButton icon="close" name="Close" onClick={onClose} />
      </div>
      <div className="rf-keys">
        {GROUPS.map((group) => (
          <section key={group}>
            <h5 className="rf-heading">{group}</h5>
            <dl>
              {ACTIONS.filter((action) => BINDINGS[action].group === group && isOwn(action)).map((action) => (
                <div key={action}>
                  <dt>{BINDINGS[action].title}</dt>
                  <dd>
                    {keysOf(action, keymap).map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </div>
  );
}

const ARROW = '-arrow';

/** Actions that another one stands for in this list: digits but the first, arrows of images. */
function isOwn(action: ActionId): boolean {
  return !action.endsWith(ARROW);
}

function keysOf(action: ActionId, keymap: Parameters<typeof allKeysOf>[0]): string[] {
  const other = ACTIONS.find((candidate) => candidate === action + ARROW);
  return [...allKeysOf(keymap, action), ...(other ? allKeysOf(keymap, other) : [])];
}
