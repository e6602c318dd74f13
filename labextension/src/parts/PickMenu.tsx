interface PickMenuProps {
  readonly title: string;
  /** What it shows, when that is shorter than its title. */
  readonly shown?: string;
  readonly values: readonly (readonly [value: string, text: string])[];
  readonly onPick: (value: string) => void;
  readonly refusal?: string | undefined;
}

/** A menu that does something with what is picked and shows its title again. */
export function PickMenu({ title, shown = title, values, onPick, refusal }: PickMenuProps) {
  return (
    <select
      className="jp-rf-Select jp-rf-mod-pick"
      aria-label={title}
      title={refusal ?? title}
      disabled={refusal !== undefined}
      value=""
      onChange={(event) => {
        onPick(event.target.value);
      }}
    >
      <option value="" hidden>
        {shown}
      </option>
      {values.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
