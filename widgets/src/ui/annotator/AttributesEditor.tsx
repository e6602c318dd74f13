import { useState } from 'react';
import type { Json, JsonObject } from '../../engine/annotation.js';
import { useWords } from '../words.js';
import { Group, IconButton } from './IconButton.js';

interface AttributesProps {
  readonly attributes: JsonObject;
  readonly disabled: boolean;
  readonly onChange: (attributes: JsonObject) => void;
}

/** Names and values of one annotation; a field is taken over when it is left or Enter is pressed. */
export function AttributesEditor({ attributes, disabled, onChange }: AttributesProps) {
  const trans = useWords();
  const [name, setName] = useState('');
  const set = (key: string, value: Json | undefined) => {
    const rest = Object.entries(attributes).filter(([other]) => other !== key);
    // A field that is there already keeps its place.
    onChange(value === undefined ? Object.fromEntries(rest) : { ...attributes, [key]: value });
  };
  const add = () => {
    const key = name.trim();
    if (key !== '' && !(key in attributes)) set(key, '');
    setName('');
  };
  return (
    <Group className="rf-attributes" name={trans.__('Attributes')}>
      {Object.entries(attributes).map(([key, value]) => (
        <Field key={key} name={key} value={value} disabled={disabled} onChange={set} />
      ))}
      <input
        className="rf-input"
        placeholder={trans.__('Add an attribute')}
        aria-label={trans.__('Name of a new attribute')}
        dir="auto"
        maxLength={255}
        disabled={disabled}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
        }}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key === 'Enter') add();
        }}
      />
    </Group>
  );
}

interface FieldProps {
  readonly name: string;
  readonly value: Json;
  readonly disabled: boolean;
  readonly onChange: (name: string, value: Json | undefined) => void;
}

function Field({ name, value, disabled, onChange }: FieldProps) {
  const trans = useWords();
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const take = () => {
    if (typed !== undefined && typed !== textOf(value)) onChange(name, valueOf(typed));
    setTyped(undefined);
  };
  return (
    <div className="rf-attribute">
      <bdi className="rf-cut" title={name}>
        {name}
      </bdi>
      <input
        className="rf-input"
        aria-label={trans.__('Attribute %1', name)}
        dir="auto"
        disabled={disabled}
        value={typed ?? textOf(value)}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape') setTyped(undefined);
        }}
      />
      <IconButton
        icon="close"
        name={trans.__('Remove %1', name)}
        className="rf-small"
        disabled={disabled}
        onClick={() => {
          onChange(name, undefined);
        }}
      />
    </div>
  );
}

/** A value as text: text as it is, all else as JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What somebody means by a text: a number, true, false or null written as JSON, else the text itself. */
export function valueOf(text: string): Json {
  if (/^(-?\d+(\.\d+)?([eE][-+]?\d+)?|true|false|null|[[{].*[\]}])$/.test(text.trim())) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  return text;
}
