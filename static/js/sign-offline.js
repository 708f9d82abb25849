// The apprentice's own page: one form, one answer.
import { waiting } from "./offline.js";

const form = document.querySelector("form[data-offline]");
const kept = document.querySelector("[data-kept]");
const refused = document.querySelector("[data-refused]");

function showKept() {
  form.hidden = true;
  kept.hidden = false;
  kept.focus();
}

document.addEventListener("signature:kept", showKept);
document.addEventListener("signature:answered", ({ detail }) => {
  if (detail.item.presence !== form.dataset.presence) return;
  if (detail.state === "done") {
    window.location.reload();
    return;
  }
  kept.hidden = true;
  form.hidden = detail.state === "queued";
  delete form.dataset.signatureId;
  refused.textContent = detail.message;
  refused.hidden = false;
  refused.focus();
});
if (waiting().some((item) => item.presence === form.dataset.presence)) showKept();
