// A code that is not renewed is dead, and a picture does not show it: said until the network is back, when the
// next piece of page takes its place.
for (const event of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.body.addEventListener(event, () => {
    for (const line of document.querySelectorAll("[data-stale]")) line.hidden = false;
  });
}
