import { useId, useState } from 'react';
import { useHost } from '../../host.js';
import { serverName } from '../../server-texts/server-text.js';
import type { StepParameter } from '../../wire.js';
import { sliderStep } from './recipe.js';
import { readText, textFor } from './setting-text.js';

interface FieldProps {
  /** Its name and help as people read them. */
  readonly parameter: StepParameter;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** Names that may be meant where names are asked for: those of labels. */
  readonly names: readonly string[];
  readonly invalid: boolean;
  readonly disabled?: boolean;
}

/** What a setting of a step is set with: a slider, a checkbox, a menu or a line of text. */
export function ParameterField(props: FieldProps) {
  const { parameter, invalid } = props;
  const id = useId();
  const Input = INPUTS[parameter.type];
  return (
    <div className={`jp-rf-Setting${invalid ? ' jp-rf-mod-invalid' : ''}`} title={parameter.help}>
      <label htmlFor={id}>{parameter.name}</label>
      <Input {...props} id={id} />
    </div>
  );
}

type InputProps = FieldProps & { readonly id: string };

function NumberInput({ id, parameter, value, onChange, invalid, disabled }: InputProps) {
  const { trans } = useHost();
  const { low, high, whole, unit, name } = parameter;
  const [from, to] = [low ?? 0, high ?? 100];
  const step = sliderStep(from, to, whole);
  const number = typeof value === 'number' ? value : from;
  return (
    <span className="jp-rf-Number">
      {step !== undefined && (
        <input
          type="range"
          aria-label={trans.__('%1, slider', name)}
          tabIndex={-1}
          min={from}
          max={to}
          step={step}
          value={number}
          disabled={disabled}
          onChange={({ target }) => {
            onChange(Number(target.value));
          }}
        />
      )}
      <TypedNumber {...{ id, number, onChange, invalid, disabled }} step={whole ? 1 : (step ?? 'any')} />
      <span className="jp-rf-Unit">{unit}</span>
    </span>
  );
}

interface TypedProps {
  readonly id: string;
  readonly number: number;
  readonly step: number | 'any';
  readonly onChange: (value: number) => void;
  readonly invalid?: boolean;
  readonly disabled?: boolean | undefined;
}

/** A number by keys. What is typed stays as typed, also while it is no number yet. */
export function TypedNumber({ id, number, step, onChange, invalid = false, disabled }: TypedProps) {
  const [typed, setTyped] = useState<string>();
  const shown = typed !== undefined && Number(typed) === number ? typed : String(number);
  return (
    <input
      id={id}
      type="number"
      className="jp-rf-Input"
      step={step}
      value={typed === '' ? '' : shown}
      aria-invalid={invalid || typed === ''}
      disabled={disabled}
      onChange={({ target }) => {
        setTyped(target.value);
        if (target.value !== '' && Number.isFinite(target.valueAsNumber)) onChange(target.valueAsNumber);
      }}
      onBlur={() => {
        setTyped(undefined);
      }}
    />
  );
}

function FlagInput({ id, value, onChange, invalid, disabled }: InputProps) {
  return (
    <input
      id={id}
      type="checkbox"
      checked={value === true}
      aria-invalid={invalid}
      disabled={disabled}
      onChange={({ target }) => {
        onChange(target.checked);
      }}
    />
  );
}

function ChoiceInput({ id, parameter, value, onChange, invalid, disabled }: InputProps) {
  const { trans } = useHost();
  return (
    <select
      id={id}
      className="jp-rf-Select"
      value={String(value)}
      aria-invalid={invalid}
      disabled={disabled}
      onChange={({ target }) => {
        onChange(target.value);
      }}
    >
      {parameter.choices.map((choice) => (
        <option key={choice} value={choice}>
          {serverName(trans, choice)}
        </option>
      ))}
    </select>
  );
}

/** Lists and objects as a line of text: names with commas, `old=new` pairs, JSON. */
function TextInput({ id, parameter, value, onChange, names, invalid, disabled }: InputProps) {
  const [typed, setTyped] = useState<string>();
  const { type, count } = parameter;
  const wrong = typed !== undefined && readText(type, typed, count) === undefined;
  const { trans } = useHost();
  const hints: Partial<Readonly<Record<StepParameter['type'], string>>> = {
    names: names.slice(0, 3).join(', '),
    renames: trans.__('old=new, other=new'),
    arguments: '{"fog_coef_range": [0.3, 0.5]}',
  };
  return (
    <input
      id={id}
      className="jp-rf-Input"
      value={typed ?? textFor(type, value)}
      placeholder={hints[type]}
      spellCheck={false}
      aria-invalid={wrong || invalid}
      disabled={disabled}
      onChange={({ target }) => {
        setTyped(target.value);
        const read = readText(type, target.value, count);
        if (read !== undefined) onChange(read.value);
      }}
      onBlur={() => {
        if (!wrong) setTyped(undefined);
      }}
    />
  );
}

const INPUTS: Readonly<Record<StepParameter['type'], (props: InputProps) => React.JSX.Element>> = {
  number: NumberInput,
  flag: FlagInput,
  choice: ChoiceInput,
  text: TextInput,
  names: TextInput,
  renames: TextInput,
  numbers: TextInput,
  arguments: TextInput,
};
