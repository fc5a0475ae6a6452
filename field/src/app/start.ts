// What follows once the way in stands on the page: the device, the screens, and what goes on beside them.

import type { App } from "vue";
// Before the screens' addresses: the link of a QR code is taken out of the page's.
import "./enrolment";
import Inside from "./Inside.vue";
import { lockWhenIdle } from "./idle";
import { idle } from "./pause";
import { inside } from "./phase";
import { readVisitScreens, router } from "./routes";
import { begin, sayBeacon, syncSoon } from "./session";
import { keepAppOffline } from "./update";

export async function start(app: App): Promise<void> {
  app.use(router);
  inside.value = Inside;
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
}
