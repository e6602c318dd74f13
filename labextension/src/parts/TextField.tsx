interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A line of text with its label above. */
export function TextField({ label, value, onChange }: TextFieldProps) {
  return (
    <label>
      {label}
      <input
        className="jp-rf-Input"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </label>
  );
}
