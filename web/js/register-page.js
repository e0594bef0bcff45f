import { showAccount } from "./account.js";
import { formById, sendByScript, wirePasswordBoxes } from "./forms.js";
import { register } from "./session.js";
import {
  keepReturnTarget,
  rememberEmail,
  returnTarget,
  urlWithReturn,
} from "./site.js";

keepReturnTarget();
wirePasswordBoxes();
sendByScript(formById("register"), "Making your account…", async (value) => {
  await register(value("email"), value("password"));
  rememberEmail(value("email"));
  location.assign(urlWithReturn("confirm.html", returnTarget()));
});
void showAccount();
