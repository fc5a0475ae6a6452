// The screens by their addresses. Today's is in the first load; the others come with the app's files
// and are read when they are first shown.

import { createRouter, createWebHashHistory, type RouteRecordRaw } from "vue-router";
import EnrolScreen from "./screens/EnrolScreen.vue";
import TodayScreen from "./screens/TodayScreen.vue";

/** What a screen may say of itself: under which tab it stands, if under one. */
declare module "vue-router" {
  interface RouteMeta {
    readonly tab?: string;
  }
}

const daily: RouteRecordRaw[] = [
  { path: "/", name: "today", component: TodayScreen, meta: { tab: "today" } },
  {
    path: "/village/:code",
    name: "village",
    component: () => import("./screens/VillageScreen.vue"),
    props: true,
    meta: { tab: "today" },
  },
];

const own: RouteRecordRaw[] = [
  { path: "/bind", name: "bind", component: EnrolScreen },
  {
    path: "/settings",
    name: "settings",
    component: () => import("./screens/SettingsScreen.vue"),
    meta: { tab: "settings" },
  },
];

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [...daily, ...own, { path: "/:rest(.*)*", redirect: { name: "today" } }],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
