import { showAccount } from "./account.js";

void showAccount();
