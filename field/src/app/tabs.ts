// The bar at the bottom: few places, always in the same order.

import type { IconName } from "./parts/icons";

export interface Tab {
  /** The name of its route, and what a screen's `meta.tab` says. */
  readonly name: string;
  readonly label: string;
  readonly icon: IconName;
}

export const TABS: readonly Tab[] = [
  { name: "today", label: "今日", icon: "home" },
  { name: "month", label: "我的月", icon: "chart" },
  { name: "records", label: "我的记录", icon: "list" },
  { name: "settings", label: "设置", icon: "settings" },
];
