// What each request of a script says of its page: the key of today (a sign-in in another tab changes it, and the
// page still holds the former one) and the account it was opened with, which the server compares (SignInMiddleware).
const { csrf, person } = document.body.dataset;

function key() {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${csrf}=`));
  return found ? decodeURIComponent(found.slice(csrf.length + 1)) : "";
}

export const pageHeaders = () => ({ "X-CSRFToken": key(), ...(person ? { "X-Page-Person": person } : {}) });
