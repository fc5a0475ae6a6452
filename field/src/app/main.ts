import "./vant";
import "./app.css";
import { createApp } from "vue";
import App from "./App.vue";
import { lockWhenIdle } from "./idle";
import { router } from "./routes";
import { begin, sayBeacon, syncSoon } from "./session";
import { followSettings } from "./settings";
import { keepAppOffline } from "./update";

followSettings();
void keepAppOffline();
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
