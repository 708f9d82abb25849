// The grid of marks: autosave.js keeps and sends each cell; this module moves between them like a
// spreadsheet and hands a pasted block to the preview.
import { autosave } from "./autosave.js";
import { moveBetween } from "./cellmoves.js";

const form = document.querySelector("form[data-marks]");
if (form) {
  autosave(form, { normalised: () => true, onSaved });
  const told = document.getElementById("marks-told");
  // The averages around the cell follow it.
  function onSaved(answer) {
    for (const [name, text] of Object.entries(answer.shown ?? {})) {
      const place = form.querySelector(`[data-figure="${name}"]`);
      if (place) place.textContent = text;
    }
  }

  // The last row has no cell below: leaving it saves what it holds.
  moveBetween(form, (cell) => {
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    cell.select();
  });

  form.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (event.key !== "Escape" || cell.dataset.row === undefined) return;
    cell.value = form.querySelector(`[name="seen-${cell.name}"]`).value;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    cell.select();
  });

  // The person may have moved on to another cell: what is refused, or changed by somebody else, is read
  // and settled beside the grid too, until it is mended.
  function tell() {
    const lines = [...form.querySelectorAll('[data-state-of][data-kind="error"]')].map((state) => {
      const cell = form.querySelector(`[name="${CSS.escape(state.dataset.stateOf)}"]`);
      const line = document.createElement("p");
      line.textContent = `${cell.getAttribute("aria-label")}\u00a0: ${state.firstChild?.textContent ?? ""}`;
      for (const choice of state.querySelectorAll("button")) {
        const button = choice.cloneNode(true);
        button.addEventListener("click", () => {
          choice.click();
          cell.focus();
        });
        line.append(" ", button);
      }
      return line;
    });
    // The same lines written again would be read aloud again.
    if (told.textContent !== lines.map((line) => line.textContent).join("")) told.replaceChildren(...lines);
  }
  new MutationObserver(tell).observe(form, { subtree: true, attributes: true, attributeFilter: ["data-kind"] });

  form.addEventListener("paste", (event) => {
    const cell = event.target;
    if (cell.dataset.row === undefined) return;
    const text = event.clipboardData.getData("text").replace(/\r\n/g, "\n").replace(/\n$/, "");
    if (!/[\n\t]/.test(text)) return;
    event.preventDefault();
    const paste = document.getElementById("marks-paste");
    paste.elements.first.value = form.querySelectorAll("thead [data-column]")[Number(cell.dataset.col)].dataset.column;
    paste.elements.text.value = text;
    paste.elements.start.value = cell.dataset.person;
    paste.requestSubmit();
  });
}
