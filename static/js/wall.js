// The code on the wall: full screen on demand, and the seconds that run between two polls.
import "./live-code.js";

const button = document.querySelector("[data-fullscreen]");
if (button && document.fullscreenEnabled) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
  document.addEventListener("fullscreenchange", () => {
    document.body.classList.toggle("wall-full", Boolean(document.fullscreenElement));
    button.textContent = document.fullscreenElement ? "Quitter le plein écran" : "Plein écran";
  });
}

setInterval(() => {
  const seconds = document.querySelector("[data-seconds]");
  if (!seconds) return;
  const left = Number(seconds.textContent) - 1;
  seconds.textContent = String(Math.max(0, left));
  if (left === 0) window.htmx?.trigger("#mur", "renouveler");
}, 1000);
