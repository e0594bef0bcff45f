import { showAccount } from "./account.js";
import { listMysfits } from "./api.js";
import { formById } from "./forms.js";
import { sentenceFor } from "./messages.js";
import { makePicture } from "./pictures.js";
import { siteUrl } from "./site.js";
import { say, sayProblem } from "./status.js";

const FILTERS = /** @type {const} */ (["goodevil", "lawchaos"]);

const form = formById("filters");
const list = document.getElementById("mysfits");
let asked = 0;

/** @param {string} name */
function selectOf(name) {
  const select = form.elements.namedItem(name);
  if (!(select instanceof HTMLSelectElement)) throw new Error(`no select ${name}`);
  return select;
}

function showFiltersOfAddress() {
  const query = new URLSearchParams(location.search);
  for (const name of FILTERS) {
    const select = selectOf(name);
    select.value = query.get(name) ?? "";
    if (select.selectedIndex < 0) select.value = "";
  }
}

function putFiltersIntoAddress() {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    if (selectOf(name).value) query.set(name, selectOf(name).value);
  }
  history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
}

/** Load what the filters ask for; a late answer to an older question is dropped. */
async function showMysfits() {
  const question = ++asked;
  say("Looking for mysfits…");
  try {
    const mysfits = await listMysfits({
      goodevil: selectOf("goodevil").value,
      lawchaos: selectOf("lawchaos").value,
    });
    if (question !== asked) return;
    list?.replaceChildren(...mysfits.map(makeCard));
    say(countSentence(mysfits.length));
  } catch (error) {
    if (question !== asked) return;
    list?.replaceChildren();
    sayProblem(sentenceFor(error), { label: "Try again", target: showMysfits });
  }
}

/** @param {number} count */
function countSentence(count) {
  if (count === 0) {
    const filtered = FILTERS.some((name) => selectOf(name).value);
    return filtered
      ? "No mysfit is like that. Choose other filters."
      : "There are no mysfits yet.";
  }
  return count === 1 ? "1 mysfit" : `${count} mysfits`;
}

/** @param {import("./api.js").Mysfit} mysfit */
function makeCard(mysfit) {
  const name = document.createElement("h2");
  name.textContent = mysfit.name;
  const kind = document.createElement("p");
  kind.textContent = mysfit.species;
  const nature = document.createElement("p");
  nature.className = "nature";
  nature.textContent = `${mysfit.goodevil} · ${mysfit.lawchaos}`;
  const link = document.createElement("a");
  link.href = `${siteUrl("profile.html")}?id=${encodeURIComponent(mysfit.mysfitId)}`;
  link.append(makePicture(mysfit.thumbImageUri, "", 240), name, kind, nature);
  const card = document.createElement("li");
  card.className = "card";
  card.dataset.nature = mysfit.goodevil;
  card.append(link);
  return card;
}

showFiltersOfAddress();
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", () => {
  putFiltersIntoAddress();
  void showMysfits();
});
void showMysfits();
void showAccount();
