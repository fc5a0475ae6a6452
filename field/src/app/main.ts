// The way in first; all the rest while somebody types a passphrase.
import "./vant";
import "./app.css";
import { createApp } from "vue";
import App from "./App.vue";
import { painted } from "./pause";
import { phase } from "./phase";
import { followSettings } from "./settings";

followSettings();
const app = createApp(App);
app.mount("#app");
// Not awaited at the top: what is read then needs this module whole.
void (phase.value === "locked" ? painted() : Promise.resolve())
  .then(() => import("./start"))
  .then(({ start }) => start(app));
