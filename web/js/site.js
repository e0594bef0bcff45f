/**
 * Build an address below the site's root, wherever the calling page lies: a missing
 * page's answer is shown at the missing page's own address.
 *
 * @param {string} path
 */
export function siteUrl(path) {
  return new URL(`../${path}`, import.meta.url).href;
}

/**
 * Build the address of a page that leads back to `target` when it is done.
 *
 * @param {string} path
 * @param {string} [target] Defaults to the page shown now.
 */
export function urlWithReturn(path, target = location.href) {
  const url = new URL(siteUrl(path));
  url.searchParams.set("return", target.slice(new URL(target).origin.length));
  return url.href;
}

/**
 * Read the page to go back to from the address, or the list of mysfits. An address of
 * another site is not followed.
 */
export function returnTarget() {
  const home = siteUrl("index.html");
  const target = new URLSearchParams(location.search).get("return") ?? home;
  if (!URL.canParse(target, location.origin)) return home;
  const url = new URL(target, location.origin);
  return url.origin === location.origin ? url.href : home;
}

/** Hand the page to go back to on to the links between the account's pages. */
export function keepReturnTarget() {
  if (!new URLSearchParams(location.search).has("return")) return;
  for (const link of document.querySelectorAll("a[data-keep-return]")) {
    const path = link.getAttribute("data-keep-return") ?? "index.html";
    link.setAttribute("href", urlWithReturn(path, returnTarget()));
  }
}

const PENDING_EMAIL = "mysfits.pendingEmail";

/**
 * Remember the address that a code was sent to. It stays in this tab and out of
 * addresses, which servers log.
 *
 * @param {string} email
 */
export function rememberEmail(email) {
  sessionStorage.setItem(PENDING_EMAIL, email);
}

/** Read the address that a code was sent to, or an empty string. */
export function rememberedEmail() {
  return sessionStorage.getItem(PENDING_EMAIL) ?? "";
}
