interface ChoiceProps<T extends string | number> {
  readonly label: string;
  readonly options: readonly T[];
  /** The signal of the chosen option. */
  readonly value: { value: T };
  /** Text of an option; defaults to the option itself. */
  readonly textOf?: (option: T) => string;
}

/** A labelled list from which one option is chosen. */
export function Choice<T extends string | number>({
  label,
  options,
  value,
  textOf = String,
}: ChoiceProps<T>) {
  return (
    <label>
      {label}{" "}
      <select
        value={value.value}
        onChange={(event) => {
          value.value = options[event.currentTarget.selectedIndex]!;
        }}
      >
        {options.map((option) => (
          <option key={option} value={option}>
            {textOf(option)}
          </option>
        ))}
      </select>
    </label>
  );
}
