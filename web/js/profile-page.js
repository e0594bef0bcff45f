import { showAccount } from "./account.js";
import { postAction, readMysfit } from "./api.js";
import { ApiError } from "./failures.js";
import { runOnce } from "./forms.js";
import { sentenceFor } from "./messages.js";
import { makePicture } from "./pictures.js";
import { currentUser, signOut } from "./session.js";
import { siteUrl, urlWithReturn } from "./site.js";
import { say, sayProblem } from "./status.js";

/** @typedef {import("./api.js").Mysfit} Mysfit */

const mysfitId = new URLSearchParams(location.search).get("id") ?? "";

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element with the id ${id}`);
  return found;
}

async function showProfile() {
  say("Fetching the profile…");
  try {
    if (!mysfitId) throw new ApiError(404);
    const mysfit = await readMysfit(mysfitId);
    fillProfile(mysfit);
    say("");
    await showActions(mysfit);
  } catch (error) {
    sayLoadProblem(error);
  }
}

/** @param {unknown} error */
function sayLoadProblem(error) {
  const missing = error instanceof ApiError && error.status === 404;
  if (missing) showName("No such mysfit");
  const nextStep = missing
    ? { label: "See all mysfits.", target: siteUrl("index.html") }
    : { label: "Try again", target: showProfile };
  sayProblem(sentenceFor(error), nextStep);
}

/** @param {string} name */
function showName(name) {
  document.title = `${name} · Mythical Mysfits`;
  element("name").textContent = name;
}

/** @param {Mysfit} mysfit */
function fillProfile(mysfit) {
  showName(mysfit.name);
  element("profile").dataset.nature = mysfit.goodevil;
  element("picture").replaceChildren(
    makePicture(mysfit.profileImageUri, `Picture of ${mysfit.name}`, 480),
  );
  element("description").textContent = mysfit.description ?? "";
  for (const key of /** @type {const} */ (["species", "age", "goodevil", "lawchaos"])) {
    element(key).textContent = String(mysfit[key] ?? "unknown");
  }
  fillCounts(mysfit);
  element("picture").hidden = false;
  element("facts").hidden = false;
}

/** @param {Mysfit} mysfit */
function fillCounts(mysfit) {
  element("likes").textContent = String(mysfit.likes ?? 0);
  element("adopted").textContent = mysfit.adopted ? "Yes" : "Not yet";
  const adopt = element("adopt");
  adopt.textContent = mysfit.adopted ? "Adopted" : "Adopt";
  adopt.ariaDisabled = String(mysfit.adopted === true);
}

/** @param {Mysfit} mysfit */
async function showActions(mysfit) {
  const user = await showAccount();
  element("sign-in-first").hidden = user !== null;
  element("sign-in-link").setAttribute("href", urlWithReturn("sign-in.html"));
  element("actions").hidden = user === null;
  element("like").onclick = () => act("like", "Liking…", () => like(mysfit));
  element("adopt").onclick = () => {
    if (!mysfit.adopted) void act("adopt", "Adopting…", () => adopt(mysfit));
  };
}

/** @param {Mysfit} mysfit */
function like(mysfit) {
  mysfit.likes = (mysfit.likes ?? 0) + 1;
  fillCounts(mysfit);
  say(`You like ${mysfit.name}.`);
}

/** @param {Mysfit} mysfit */
function adopt(mysfit) {
  mysfit.adopted = true;
  fillCounts(mysfit);
  say(`You have adopted ${mysfit.name}.`);
}

/**
 * @param {"like" | "adopt"} action
 * @param {string} busyText
 * @param {() => void} showResult
 */
async function act(action, busyText, showResult) {
  await runOnce(element("actions"), busyText, async () => {
    try {
      const user = await currentUser();
      if (!user) throw new ApiError(401);
      await postAction(mysfitId, action, user.idToken);
      showResult();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error;
      await endSession();
    }
  });
}

async function endSession() {
  await signOut();
  const target = urlWithReturn("sign-in.html");
  sayProblem("Your session has ended.", { label: "Sign in again.", target });
  await showAccount();
}

void showProfile();
void showAccount();
