import { useState } from 'react';
import type { Editor } from '../../engine/editor.js';
import { INITIAL, type View } from '../../engine/editor-state.js';
import { useWords, type Words } from '../words.js';
import { IconButton, Push } from './IconButton.js';
import { useEditor } from './use-editor.js';

function sliders(trans: Words) {
  return [
    ['brightness', trans.__('Brightness'), 0.2, 3],
    ['contrast', trans.__('Contrast'), 0.2, 3],
    ['opacity', trans.__('Fill'), 0, 0.8],
  ] as const;
}

function switches(trans: Words) {
  return [
    ['crosshair', trans.__('Crosshair')],
    ['texts', trans.__('Labels at shapes')],
  ] as const;
}

/** How the photo and the shapes are shown; nothing of it is saved. */
export function ViewMenu({ editor }: { editor: Editor }) {
  const trans = useWords();
  const [open, setOpen] = useState(false);
  return (
    <div
      className="rf-menu"
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <IconButton
        icon="view"
        name={trans.__('Brightness, contrast, fill')}
        pressed={open}
        onClick={() => {
          setOpen(!open);
        }}
      />
      {open ? <Choices editor={editor} /> : null}
    </div>
  );
}

function Choices({ editor }: { editor: Editor }) {
  const trans = useWords();
  const view = useEditor(editor, (state) => state.view);
  const set = (change: Partial<View>) => {
    editor.set({ view: change });
  };
  return (
    <div className="rf-popover" role="dialog" aria-label={trans.__('View')}>
      {sliders(trans).map(([name, title, min, max]) => (
        <label key={name} className="rf-slider">
          <span>{title}</span>
          <input
            type="range"
            min={min}
            max={max}
            step="0.05"
            value={view[name]}
            onChange={(event) => {
              set({ [name]: Number(event.target.value) });
            }}
          />
          <output>{Math.round(view[name] * 100)} %</output>
        </label>
      ))}
      {switches(trans).map(([name, title]) => (
        <label key={name} className="rf-switch">
          <input
            type="checkbox"
            checked={view[name]}
            onChange={(event) => {
              set({ [name]: event.target.checked });
            }}
          />
          {title}
        </label>
      ))}
      <Push
        className="rf-link"
        onClick={() => {
          const { brightness, contrast, opacity } = INITIAL.view;
          set({ brightness, contrast, opacity });
        }}
      >
        {trans.__('As it was')}
      </Push>
    </div>
  );
}
