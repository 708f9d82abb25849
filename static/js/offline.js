// Signatures that wait for the network: kept on this device, sent when it is back, counted once.
// Forms: <form data-offline data-presence="..."> with the signature pad in it. The page gives the address
// of the queue and the person on <div data-offline-queue>.
import { pageHeaders } from "./page-headers.js";

const box = document.querySelector("[data-offline-queue]");
const key = `emargement-file:${box.dataset.person}`;
const PATIENCE = 8000; // milliseconds before a slow network counts as none
const AGAIN = 15000;
let sending = false;

export function waiting() {
  try {
    return JSON.parse(localStorage.getItem(key)) || [];
  } catch {
    return [];
  }
}

function keep(list) {
  if (list.length) localStorage.setItem(key, JSON.stringify(list));
  else localStorage.removeItem(key);
  say();
}

function identifier() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // http without TLS on the school's own network
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`signature:${name}`, { detail }));
}

// A heavy one among them must not hold the others back.
async function oneByOne(list) {
  const results = [];
  for (const item of list) {
    const answer = await post([item]);
    if (!Array.isArray(answer)) return results.length ? results : answer;
    results.push(...answer);
  }
  return results;
}

// Send the list; null when there is no network, "login" when the session has ended or is another person's.
async function post(list) {
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(box.dataset.url, {
      method: "POST",
      redirect: "manual", // the sign-in page would answer in JSON too, and pass for a refusal
      headers: { "Content-Type": "application/json", Accept: "application/json", ...pageHeaders() },
      body: JSON.stringify({ person: box.dataset.person, sent_at: new Date().toISOString(), signatures: list }),
      signal: stop.signal,
    });
    if (answer.status === 413 && list.length > 1) return oneByOne(list);
    if (!(answer.headers.get("content-type") || "").includes("json")) return answer.status >= 500 ? null : "login";
    const content = await answer.json();
    return content.results || list.map((item) => ({ id: item.id, state: "refused", message: content.message }));
  } catch {
    return null;
  } finally {
    clearTimeout(clock);
  }
}

export async function flush() {
  const list = waiting();
  if (sending || !list.length) return say();
  sending = true;
  // Ten at a time: one heavy letter must not hold the others back.
  const results = await post(list.slice(0, 10));
  sending = false;
  if (results === "login") return say(true);
  if (!results) return say();
  const answered = new Map(results.map((result) => [result.id, result]));
  keep(waiting().filter((item) => !answered.has(item.id)));
  list.forEach((item) => answered.has(item.id) && tell("answered", { item, ...answered.get(item.id) }));
  if (waiting().length) flush();
}

function say(isSignedOut = false) {
  const count = waiting().length;
  const [what, advice] = isSignedOut
    ? ["votre reconnexion", "Votre session a expiré, ou quelqu'un d'autre s'est connecté dans ce navigateur. "]
    : ["le réseau", "Gardez cette page ouverte, ou revenez-y."];
  box.textContent = count ? `${count} signature${count > 1 ? "s attendent" : " attend"} ${what} sur cet appareil. ${advice}` : "";
  if (count && isSignedOut) {
    box.append(Object.assign(document.createElement("a"), { href: window.location.href, textContent: "Me reconnecter pour l'envoyer" }));
  }
  box.hidden = !count;
}

export function itemOf(form) {
  const value = (selector) => form.querySelector(selector)?.value || "";
  form.dataset.signatureId ||= identifier();
  const strokes = value("[data-signature-value]");
  return {
    id: form.dataset.signatureId,
    presence: form.dataset.presence,
    strokes: strokes ? JSON.parse(strokes) : null,
    typed_name: value("[data-signature-typed] input"),
    signed_at: new Date().toISOString(),
  };
}

export async function sign(form) {
  const item = itemOf(form);
  // Kept first, sent after: closing the page in between loses nothing.
  keep([...waiting().filter((other) => other.id !== item.id && other.presence !== item.presence), item]);
  if (navigator.onLine) await flush();
  if (waiting().some((other) => other.id === item.id)) tell("kept", { item });
  return item;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-offline]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  event.stopPropagation();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  sign(form).finally(() => delete form.dataset.busy);
});

window.addEventListener("online", flush);
setInterval(() => waiting().length && flush(), AGAIN);
say();
flush();

// The page was loaded before its worker: it and its files are asked for once more, so that somebody who signs
// here for the first time finds the page again without network.
async function keepThisPage(address) {
  const before = navigator.serviceWorker.controller?.scriptURL;
  const { active, waiting: next, installing } = await navigator.serviceWorker.register(address);
  const worker = active ?? next ?? installing;
  if (worker.scriptURL === before) return;
  if (document.readyState !== "complete") await new Promise((done) => window.addEventListener("load", done, { once: true }));
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  worker.postMessage([...files, window.location.href]);
}

if ("serviceWorker" in navigator && window.isSecureContext) keepThisPage(box.dataset.worker);
