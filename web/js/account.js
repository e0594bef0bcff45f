import { currentUser, signOut } from "./session.js";
import { rememberEmail, siteUrl } from "./site.js";

/** Show in the page's head who is signed in, or the ways to become so. */
export async function showAccount() {
  const user = await currentUser().catch(() => null);
  const signedOut = document.getElementById("signed-out");
  const signedIn = document.getElementById("signed-in");
  if (signedOut) signedOut.hidden = user !== null;
  if (signedIn) signedIn.hidden = user === null;
  const name = document.getElementById("user-email");
  if (name) name.textContent = user?.email ?? "";
  return user;
}

for (const button of document.querySelectorAll("button[data-sign-out]")) {
  button.addEventListener("click", async () => {
    await signOut();
    rememberEmail("");
    location.assign(siteUrl("sign-in.html?after=sign-out"));
  });
}
