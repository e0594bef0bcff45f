import { siteUrl } from "./site.js";

/**
 * Make the picture of a mysfit. A missing, broken or blocked one, or one whose address
 * is neither HTTP nor relative, becomes the drawing of the site.
 *
 * @param {string | undefined} address
 * @param {string} alt
 * @param {number} size Width and height in CSS pixels.
 */
export function makePicture(address, alt, size) {
  const picture = new Image(size, size);
  picture.alt = alt;
  picture.loading = "lazy";
  picture.addEventListener("error", () => showDrawing(picture), { once: true });
  if (isWebAddress(address)) picture.src = address;
  else showDrawing(picture);
  return picture;
}

/** @param {HTMLImageElement} picture */
function showDrawing(picture) {
  picture.src = siteUrl("images/mysfit.svg");
  picture.alt = "";
  picture.classList.add("drawing");
}

/** @param {unknown} address @returns {address is string} */
function isWebAddress(address) {
  if (typeof address !== "string" || address === "") return false;
  if (!URL.canParse(address, document.baseURI)) return false;
  return /^https?:$/.test(new URL(address, document.baseURI).protocol);
}
