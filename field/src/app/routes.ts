// The screens by their addresses. Today's is in the first load; the others come with the app's files and
// are read when they are first shown, those of a visit as soon as the page has nothing better to do.

import { createRouter, createWebHashHistory, type RouteRecordRaw } from "vue-router";
import TodayScreen from "./screens/TodayScreen.vue";

/** What a screen may say of itself: under which tab it stands, if under one. */
declare module "vue-router" {
  interface RouteMeta {
    readonly tab?: string;
  }
}

const enrol = () => import("./screens/EnrolScreen.vue");
const underWay = () => import("./screens/VisitScreen.vue");
const whom = () => import("./screens/CallHouseholdScreen.vue");
const call = () => import("./screens/CallScreen.vue");
const finish = () => import("./screens/FinishScreen.vue");

/** Read the screens of a visit before they are asked for. */
export async function readVisitScreens(): Promise<void> {
  await Promise.all([underWay, whom, call, finish].map((screen) => screen()));
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
  {
    path: "/village/:code/information",
    name: "village-information",
    component: () => import("./screens/InformationScreen.vue"),
    props: true,
  },
  {
    path: "/village/:code/matter/:kind",
    name: "village-matter",
    component: () => import("./screens/MatterScreen.vue"),
    props: true,
  },
];

const station: RouteRecordRaw[] = [
  {
    path: "/question/:question",
    name: "question",
    component: () => import("./screens/QuestionScreen.vue"),
    props: true,
  },
  {
    path: "/village/:code/households",
    name: "households",
    component: () => import("./screens/HouseholdsScreen.vue"),
    props: true,
  },
  {
    path: "/village/:code/households/:household",
    name: "household-change",
    component: () => import("./screens/HouseholdChangeScreen.vue"),
    props: true,
  },
  {
    path: "/village/:code/matters/:matter",
    name: "matter-change",
    component: () => import("./screens/MatterChangeScreen.vue"),
    props: true,
  },
];

const visit: RouteRecordRaw[] = [
  { path: "/visit/:visit", name: "visit", component: underWay, props: true },
  { path: "/visit/:visit/call", name: "call-household", component: whom, props: true },
  { path: "/visit/:visit/call/:household", name: "call", component: call, props: true },
  {
    path: "/visit/:visit/information",
    name: "visit-information",
    component: () => import("./screens/InformationScreen.vue"),
    props: true,
  },
  {
    path: "/visit/:visit/session",
    name: "visit-session",
    component: () => import("./screens/SessionScreen.vue"),
    props: true,
  },
  {
    path: "/visit/:visit/warning",
    name: "visit-warning",
    component: () => import("./screens/WarningScreen.vue"),
    props: true,
  },
  {
    path: "/visit/:visit/matter/:kind",
    name: "visit-matter",
    component: () => import("./screens/MatterScreen.vue"),
    props: true,
  },
  { path: "/visit/:visit/finish", name: "finish", component: finish, props: true },
];

const done: RouteRecordRaw[] = [
  {
    path: "/month",
    name: "month",
    component: () => import("./screens/MonthScreen.vue"),
    meta: { tab: "month" },
  },
  {
    path: "/month/:posting/:period/:rule",
    name: "rule",
    component: () => import("./screens/RuleScreen.vue"),
    props: true,
    meta: { tab: "month" },
  },
  {
    path: "/records",
    name: "records",
    component: () => import("./screens/RecordsScreen.vue"),
    meta: { tab: "records" },
  },
  {
    path: "/record/:id",
    name: "record",
    component: () => import("./screens/RecordScreen.vue"),
    props: true,
    meta: { tab: "records" },
  },
  {
    path: "/record/:id/correct",
    name: "correct",
    component: () => import("./screens/CorrectScreen.vue"),
    props: true,
  },
  {
    path: "/record/:id/withdraw",
    name: "withdraw",
    component: () => import("./screens/WithdrawScreen.vue"),
    props: true,
  },
];

const own: RouteRecordRaw[] = [
  { path: "/bind", name: "bind", component: enrol },
  {
    path: "/settings",
    name: "settings",
    component: () => import("./screens/SettingsScreen.vue"),
    meta: { tab: "settings" },
  },
  {
    path: "/settings/passphrase",
    name: "passphrase",
    component: () => import("./screens/PassphraseScreen.vue"),
  },
  {
    path: "/settings/phone-lock",
    name: "phone-lock",
    component: () => import("./screens/PhoneLockScreen.vue"),
  },
];

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [...daily, ...station, ...visit, ...done, ...own, { path: "/:rest(.*)*", redirect: { name: "today" } }],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});
