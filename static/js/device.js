// The trainer's device passed round: one page with every name, so that it goes on without network.
import { waiting } from "./offline.js";

const dialog = document.querySelector("[data-device]");
const form = dialog.querySelector("form");
const title = dialog.querySelector("[data-device-name]");
const news = document.querySelector("[data-device-news]");
const count = document.querySelector("[data-device-count]");

function line(presence) {
  return document.querySelector(`[data-line="${presence}"]`);
}

function mark(presence, words) {
  const place = line(presence);
  if (!place) return;
  const link = place.querySelector("a");
  const name = place.dataset.name;
  const text = document.createElement("span");
  text.textContent = name;
  const state = document.createElement("span");
  state.className = "status status-done";
  state.textContent = words;
  place.classList.remove("p-0");
  place.classList.add("d-flex", "justify-content-between", "align-items-center");
  if (link) link.remove();
  place.replaceChildren(text, state);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line] a");
  if (!link) return;
  event.preventDefault();
  const place = link.closest("[data-line]");
  form.dataset.presence = place.dataset.line;
  delete form.dataset.signatureId;
  title.textContent = place.dataset.name;
  dialog.querySelector("[data-signature-draw]").click();
  dialog.showModal();
  window.dispatchEvent(new Event("resize")); // the pad takes its size now that it shows
  dialog.querySelector("[data-signature-clear]").click();
});

dialog.querySelector("[data-device-close]").addEventListener("click", () => dialog.close());

function done(presence, words, message) {
  if (dialog.open && form.dataset.presence === presence) dialog.close();
  mark(presence, words);
  news.textContent = message;
  const signed = document.querySelectorAll(".list-group .status-done").length;
  count.textContent = `${signed} / ${count.dataset.deviceCount}`;
}

function nameOf(presence) {
  return line(presence)?.dataset.name || "";
}

document.addEventListener("signature:kept", ({ detail }) => {
  done(detail.item.presence, "En attente du réseau", `${nameOf(detail.item.presence)} a signé\u00a0: la signature partira avec le réseau.`);
});
document.addEventListener("signature:answered", ({ detail }) => {
  const presence = detail.item.presence;
  if (detail.state === "done") done(presence, "Signé", `${nameOf(presence)} a signé.`);
  else if (detail.state === "queued") done(presence, "À décider", detail.message);
  else {
    const error = dialog.querySelector("[data-signature-error]");
    delete form.dataset.signatureId;
    if (dialog.open && form.dataset.presence === presence) {
      error.textContent = detail.message;
      error.hidden = false;
    }
    news.textContent = `${nameOf(presence)}\u00a0: ${detail.message}`;
  }
});
waiting().forEach((item) => mark(item.presence, "En attente du réseau"));
