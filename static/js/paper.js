// The paper sheet: one press says "signed" on every line of which nothing is said yet.
const button = document.querySelector("[data-all-signed]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    document.querySelectorAll(".paper-row select").forEach((select) => {
      if (!select.value) select.value = "signed";
    });
  });
}
