// The grid of marks: autosave.js keeps and sends each cell; this module moves between them like a
// spreadsheet and hands a pasted block to the preview.
import { autosave } from "./autosave.js";

const form = document.querySelector("form[data-marks]");
if (form) {
  autosave(form, { normalised: () => true, onSaved });
  const told = document.getElementById("marks-told");
  const cells = [...form.querySelectorAll("input[data-row]")];
  const at = new Map(cells.map((cell) => [`${cell.dataset.row}:${cell.dataset.col}`, cell]));

  // The averages around the cell follow it.
  function onSaved(answer) {
    for (const [name, text] of Object.entries(answer.shown ?? {})) {
      const place = form.querySelector(`[data-figure="${name}"]`);
      if (place) place.textContent = text;
    }
  }

  function go(cell, rows, cols) {
    const next = at.get(`${Number(cell.dataset.row) + rows}:${Number(cell.dataset.col) + cols}`);
    if (!next) return false;
    next.focus();
    next.select();
    return true;
  }

  form.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (cell.dataset.row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const atStart = whole || (cell.selectionStart === 0 && cell.selectionEnd === 0);
    const atEnd = whole || cell.selectionStart === cell.value.length;
    const moves = {
      Enter: [event.shiftKey ? -1 : 1, 0, true],
      ArrowDown: [1, 0, true],
      ArrowUp: [-1, 0, true],
      ArrowRight: [0, 1, atEnd],
      ArrowLeft: [0, -1, atStart],
      PageDown: [10, 0, true],
      PageUp: [-10, 0, true],
    };
    const move = moves[event.key];
    if (event.key === "Escape") {
      cell.value = form.querySelector(`[name="seen-${cell.name}"]`).value;
      cell.dispatchEvent(new Event("change", { bubbles: true }));
      cell.select();
    } else if (move?.[2]) {
      event.preventDefault();
      // The last row has no cell below: leaving it saves what it holds.
      if (!go(cell, move[0], move[1]) && event.key === "Enter") {
        cell.dispatchEvent(new Event("change", { bubbles: true }));
        cell.select();
      }
    }
  });

  form.addEventListener("focusin", (event) => {
    if (event.target.dataset.row === undefined) return;
    event.target.select();
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
