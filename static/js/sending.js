// Several parts of a page may be sending at the same time. It is read again only when each has its answer:
// read sooner, it would show what the server held before, as if what was written were lost.
const busy = new Set();
let asked = false; // to be read again
let leaving = false;

// False when the page is on its way out: what waits is kept on the device, the next page sends it.
export function begin(who) {
  if (leaving) return false;
  busy.add(who);
  return true;
}

export function end(who) {
  busy.delete(who);
  leave();
}

export function readAgain() {
  asked = true;
  leave();
}

function leave() {
  if (!asked || leaving || busy.size) return;
  leaving = true;
  window.location.reload();
  setTimeout(() => { asked = leaving = false; }, 10000); // still here: the person chose to stay
}
