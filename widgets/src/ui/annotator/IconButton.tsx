import type { ButtonHTMLAttributes, ReactNode } from 'react';
import type { Editor } from '../../engine/editor.js';
import { BINDINGS, displayChord, type ActionId, type Keymap } from '../../engine/keys.js';
import { useWords } from '../words.js';
import { Icon, type IconName } from './Icon.js';
import { useEditor } from './use-editor.js';

/** Whether keys are named as on a Mac. */
export const MAC = typeof navigator !== 'undefined' && navigator.platform.startsWith('Mac');

/** The first key of an action as people read it, or nothing. */
export function keyOf(keymap: Keymap, action: ActionId | undefined): string | undefined {
  const chord = action && keymap[action][0];
  return chord === undefined ? undefined : displayChord(chord, MAC);
}

/** A button with a text; a form around it is not sent by it. */
export function Push(props: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type="button" {...props} />;
}

interface GroupProps {
  readonly name: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Controls that belong together, under a name for screen readers. */
export function Group({ name, className = 'rf-group', children }: GroupProps) {
  return (
    <div className={className} role="group" aria-label={name}>
      {children}
    </div>
  );
}

export interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, for the tooltip and for screen readers. */
  readonly name: string;
  readonly keys?: string | undefined;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly onClick: () => void;
}

/** A button that leaves the focus where it is when clicked, so that the keys of the canvas go on working. */
export function IconButton({ icon, name, keys, pressed, disabled, className, onClick }: IconButtonProps) {
  return (
    <Push
      className={`rf-button${className ? ` ${className}` : ''}`}
      title={keys ? `${name} (${keys})` : name}
      aria-label={name}
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      disabled={disabled}
      onMouseDown={keepFocus}
      onClick={onClick}
    >
      <Icon name={icon} />
    </Push>
  );
}

interface ActionButtonProps extends Partial<IconButtonProps> {
  readonly editor: Editor;
  readonly icon: IconName;
  readonly action: ActionId;
}

/** A button that does what a key does, under the same name. */
export function ActionButton({ editor, action, ...more }: ActionButtonProps) {
  const trans = useWords();
  const keymap = useEditor(editor, (state) => state.keymap);
  const act = () => editor.run(action);
  const { title } = BINDINGS[action];
  return <IconButton name={trans.__(title)} keys={keyOf(keymap, action)} onClick={act} {...more} />;
}

export function keepFocus(event: { preventDefault: () => void }): void {
  event.preventDefault();
}
