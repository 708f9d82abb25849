// Between the cells of a grid as in a spreadsheet: arrows, Enter, Page Up and Down. A cell is an input with
// data-row and data-col; `onLast` is told of Enter where no cell is below.
export function moveBetween(form, onLast = () => {}) {
  const cells = [...form.querySelectorAll("input[data-row]")];
  const at = new Map(cells.map((cell) => [`${cell.dataset.row}:${cell.dataset.col}`, cell]));

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
    if (!move?.[2]) return;
    event.preventDefault();
    if (!go(cell, move[0], move[1]) && event.key === "Enter") onLast(cell);
  });

  form.addEventListener("focusin", (event) => {
    if (event.target.dataset.row !== undefined) event.target.select();
  });
}
