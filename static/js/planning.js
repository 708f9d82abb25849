// The planning by keyboard: arrows go from one half-day to the next, a letter does what its link does.
const table = document.querySelector("[data-planning]");

function cells() {
  return [...table.querySelectorAll("td")].filter((cell) => cell.querySelector("a"));
}

function go(cell) {
  cell?.querySelector("a").focus();
}

function nearest(from, sameColumn, direction) {
  const row = from.parentElement.rowIndex;
  const candidates = cells().filter((cell) => {
    const gap = sameColumn
      ? cell.parentElement.rowIndex - row
      : cell.cellIndex - from.cellIndex;
    const aligned = sameColumn ? cell.cellIndex === from.cellIndex : cell.parentElement.rowIndex === row;
    return aligned && Math.sign(gap) === direction;
  });
  return direction > 0 ? candidates[0] : candidates[candidates.length - 1];
}

const ARROWS = { ArrowDown: [true, 1], ArrowUp: [true, -1], ArrowRight: [false, 1], ArrowLeft: [false, -1] };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  if (event.key === "PageUp" || event.key === "PageDown") {
    const name = event.key === "PageUp" ? "previous" : "following";
    const link = document.querySelector(`[data-nav="${name}"]`);
    if (link && event.target.closest("[data-planning]")) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  const cell = event.target.closest("td");
  if (!table || !cell || !table.contains(cell)) return;
  if (ARROWS[event.key]) {
    event.preventDefault();
    go(nearest(cell, ...ARROWS[event.key]));
    return;
  }
  const letter = event.key.toLowerCase();
  if (!["e", "d", "a"].includes(letter)) return;
  // In the month, a cell holds several half-days: the letter is for the one that has the focus.
  const address = event.target.dataset[letter] || cell.querySelector(`[data-key="${letter}"]`)?.href;
  if (address) {
    event.preventDefault();
    window.location.assign(address);
  }
});
