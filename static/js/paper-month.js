// The paper half-days of a month: moves like a spreadsheet, fills what is empty with P, and says before the
// sending what will be written and which half-day is only half said.
import { moveBetween } from "./cellmoves.js";

const form = document.querySelector("form[data-paper-month]");
if (form) {
  const cells = [...form.querySelectorAll("input[data-row]")];
  const told = form.querySelector("[data-count]");
  const inColumn = (col) => cells.filter((cell) => col === "" || cell.dataset.col === col);
  moveBetween(form);

  function check() {
    let columns = 0;
    const counted = { P: 0, A: 0, J: 0 };
    for (const col of new Set(cells.map((cell) => cell.dataset.col))) {
      const column = inColumn(col);
      const written = column.filter((cell) => cell.value.trim());
      if (written.length) columns += 1;
      for (const cell of column) {
        const text = cell.value.trim().toUpperCase();
        if (text) counted[text in counted ? text : "P"] += 1;
        const lacks = written.length && !text;
        cell.setCustomValidity(lacks ? "Dites-le de tout le groupe, ou videz la demi-journée." : "");
      }
    }
    told.textContent = columns
      ? `À transcrire\u00a0: ${columns} demi-journée${columns > 1 ? "s" : ""}, ${counted.P} signée${counted.P > 1 ? "s" : ""}, ${counted.A} absence${counted.A > 1 ? "s" : ""}, ${counted.J} justifiée${counted.J > 1 ? "s" : ""}.`
      : "";
  }

  for (const one of form.querySelectorAll("[data-by-script]")) one.hidden = false;
  for (const button of form.querySelectorAll("[data-fill]")) {
    button.addEventListener("click", () => {
      for (const cell of inColumn(button.dataset.fill)) cell.value ||= "P";
      check();
    });
  }
  form.addEventListener("input", check);
  check();
}
