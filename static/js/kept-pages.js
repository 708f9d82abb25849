// The pages of this person that open again without network (kept-pages-sw.js). Loaded by those pages only:
// it has them kept, says when one is shown as it was, and holds back what cannot be sent now.
const here = window.location.href.split("#")[0];
const { kept } = document.body.dataset;

async function ask(pages, again = false) {
  if (!("serviceWorker" in navigator) || !window.isSecureContext || !navigator.onLine) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ pages, again });
}

// After something was saved, the page kept on the device is that of before: have it read again.
let timer = 0;
document.addEventListener("page:saved", () => {
  clearTimeout(timer);
  timer = setTimeout(() => ask([here], true), 3000);
});

function say(sentence) {
  let place = document.querySelector("[data-kept-notice]");
  if (!place) {
    place = document.createElement("p");
    place.className = "alert alert-warning";
    place.setAttribute("role", "status");
    place.dataset.keptNotice = "";
    document.querySelector(".page-head")?.after(place);
  }
  place.textContent = sentence;
}

if ("serviceWorker" in navigator && window.isSecureContext) {
  const first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.register("/sw.js");
  const next = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
  // The first page was loaded before its worker: it and its files are asked for once more. Asked when all are
  // there: a script still on its way would be missing without network, and nothing typed would be kept.
  window.addEventListener("load", () => {
    const files = performance.getEntriesByType("resource").map((entry) => entry.name);
    ask(first ? [...files, here, ...next] : next);
  });
}

if (kept) {
  const since = new Date(kept).toLocaleString("fr-FR", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  say(`Pas de réseau\u00a0: cette page est celle du ${since}. Ce que vous écrivez est gardé sur cet appareil et partira au retour du réseau.`);
  window.addEventListener("online", () => say("Le réseau est revenu\u00a0: ce que vous avez écrit part tout seul."));
}
