// The grid of hours: totals and gaps as one types, Enter and arrows between cells, columns pasted from a spreadsheet.
const grid = document.getElementById("hours-grid");
const rows = [...grid.querySelectorAll("tbody tr")];
const cells = rows.map((row) => [...row.querySelectorAll("input.hours-input")]);
const say = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });
const minimum = Number(grid.dataset.minimum.replace(",", "."));
const announced = grid.querySelector("#id_hours_announced");

function read(input) {
  const value = Number(input.value.replace(/\s/g, "").replace(",", "."));
  return Number.isFinite(value) ? value : NaN;
}

function gap(value, of) {
  if (Number.isNaN(value)) return "une valeur n'est pas un nombre";
  if (Math.abs(value) < 0.005) return `égal à ${of}`;
  return `${say.format(Math.abs(value))} h ${value > 0 ? "de plus que" : "de moins que"} ${of}`;
}

function mark(output, text, bad) {
  output.textContent = text;
  output.classList.toggle("text-danger", bad);
}

function refresh() {
  const sums = [0, 0];
  rows.forEach((row, index) => {
    const removed = row.querySelector("input[type=checkbox]").checked;
    row.classList.toggle("removed", removed);
    const values = cells[index].map(read);
    if (!removed) values.forEach((value, year) => { sums[year] += value; });
    const total = values[0] + values[1];
    row.querySelector("[data-row-total]").textContent = Number.isNaN(total) ? "?" : say.format(total);
  });
  const total = sums[0] + sums[1];
  sums.forEach((sum, index) => {
    grid.querySelector(`[data-year="${index + 1}"]`).textContent = Number.isNaN(sum) ? "?" : say.format(sum);
  });
  grid.querySelector("[data-total]").textContent = Number.isNaN(total) ? "?" : say.format(total);
  mark(grid.querySelector("[data-gap-minimum]"), gap(total - minimum, "le minimum"), !(total >= minimum));
  const said = read(announced);
  const same = Math.abs(total - said) < 0.005;
  mark(grid.querySelector("[data-gap-announced]"), same ? "égal à la somme des matières" : `la somme des matières fait ${gap(total - said, "ce total")}`, !same);
}

function move(event) {
  const row = cells.findIndex((line) => line.includes(event.target));
  if (row < 0) return;
  const column = cells[row].indexOf(event.target);
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = cells[row + step]?.[column];
  if (next) { next.focus(); next.select(); }
}

function paste(event) {
  const row = cells.findIndex((line) => line.includes(event.target));
  const lines = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "").split("\n");
  if (row < 0 || (lines.length < 2 && !lines[0].includes("\t"))) return;
  event.preventDefault();
  const column = cells[row].indexOf(event.target);
  lines.forEach((line, down) => line.split("\t").forEach((text, right) => {
    const cell = cells[row + down]?.[column + right];
    if (cell) cell.value = text.trim();
  }));
  refresh();
}

grid.addEventListener("input", refresh);
grid.addEventListener("keydown", move);
grid.addEventListener("paste", paste);
refresh();
