import "./vant";
import "./app.css";
import { createApp } from "vue";
import App from "./App.vue";
import { lockWhenIdle } from "./idle";
import { idle } from "./pause";
import { readVisitScreens, router } from "./routes";
import { begin, sayBeacon, syncSoon } from "./session";
import { followSettings } from "./settings";
import { keepAppOffline } from "./update";

followSettings();
createApp(App).use(router).mount("#app");
lockWhenIdle();
addEventListener("online", syncSoon);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    sayBeacon();
  } else {
    syncSoon();
  }
});
await begin();
// What is not needed to open the app waits until it is open.
void idle().then(keepAppOffline);
void idle().then(readVisitScreens);
