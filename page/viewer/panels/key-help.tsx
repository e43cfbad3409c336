import { Dialog } from "../../ui/dialog.tsx";
import { KEY_HELP } from "../keys.ts";

/** The keys of a view. They work while the picture has the focus. */
export function KeyHelp({
  view,
  areOff,
  onClose,
}: {
  readonly view: "look" | "compare";
  /** The signal that turns single-letter keys off. */
  readonly areOff: { value: boolean };
  readonly onClose: () => void;
}) {
  return (
    <Dialog title="Mouse and keys" onClose={onClose}>
      <p>Keys work while the picture has the focus: click it, or press Tab until it is outlined.</p>
      <table>
        <tbody>
          {KEY_HELP.filter(({ views }) => views === "both" || views === view).map(({ keys, does }) => (
            <tr key={keys}>
              <th scope="row">{keys}</th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input
          type="checkbox"
          checked={areOff.value}
          onChange={(event) => {
            areOff.value = event.currentTarget.checked;
          }}
        />
        turn single-letter keys off
      </label>
    </Dialog>
  );
}
